"""Whether a text is in another language than English, as far as its script and small words tell.

Made for "surely another one", not for naming it: what is missed goes to the model as before.
"""

import re
import unicodedata

ENGLISH = "en"
WORD = re.compile(r"[^\W\d_]+")

SMALL_WORDS = {
    ENGLISH: "the a is are was my i you we it this that to of and or what where how when who which"
    " do does did can could have has for with in on at not please order volume be am if your me"
    " there",
    "de": "der das dem den ist nicht ich und ein eine einen für wie wo wann mein meine meinen bitte"
    " haben habe gibt kann möchte auf mit von sie auch noch welche wird wurde bestellung danke"
    " hallo zurück",
    "fr": "je est les des une pas vous avez pour où mon ma mes quel quelle combien bonjour merci"
    " avec dans sur qui voudrais commande suis sont cette du au",
    "es": "el los las una que qué cómo dónde donde mi pedido por para gracias hola quiero cuánto"
    " cuanto está tiene tienen hay del cuándo quisiera llega",
    "it": "il gli che di è sono mio mia dove quando grazie ciao vorrei quanto costa non un una"
    " della questo ordine ho avete",
    "pt": "não você meu minha onde quando obrigado quero uma é está pedido quanto olá vocês"
    " tem gostaria",
    "nl": "het een ik niet waar mijn hoe wat heb bestelling voor met zijn wanneer dank hallo"
    " graag jullie",
    "pl": "nie jest gdzie moje moja mój zamówienie czy jak ile dzień dobry dziękuję chcę się",
    "sv": "jag är inte och det en ett var min mitt hur när tack hej för på kan",
}
"""The commonest words of a language, and a few of every shop."""

OWN = frozenset(SMALL_WORDS[ENGLISH].split())
FOREIGN = frozenset(" ".join(SMALL_WORDS.values()).split()) - OWN
LEAST = 2
"""One foreign word may be a name or a greeting."""


def is_foreign(text: str) -> bool:
    """Whether a text is surely not English: another script for the most part, or small words."""
    words = WORD.findall(text.lower())
    letters = "".join(words)
    if not letters:
        return False
    if sum(map(_is_latin, letters)) * 2 < len(letters):
        return True
    told = frozenset(words)
    foreign = len(told & FOREIGN)
    return foreign >= LEAST and foreign > len(told & OWN)


def _is_latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN")
