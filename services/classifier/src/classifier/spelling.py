"""Short follow-ups as they are mostly meant: chat spellings written out, single slips mended.

Only for texts that are held against a few fixed wordings: what a slip of the finger makes of a
title or a story is not this module's to mend.
"""

import re

from rapidfuzz.distance import OSA

LONGEST = 80
WORD = re.compile(r"[A-Za-z']+")

WRITTEN_OUT = {
    "teh": "the", "hte": "the", "th": "the", "da": "the", "u": "you", "ur": "your", "r": "are",
    "y": "yes", "ye": "yes", "yea": "yes", "yeh": "yes", "yess": "yes", "ys": "yes", "yesss": "yes",
    "ya": "yes", "k": "ok", "kk": "ok", "oki": "ok", "okey": "ok", "sur": "sure", "noo": "no",
    "pls": "please", "plz": "please", "plss": "please", "thx": "thanks", "ty": "thank you",
    "nvm": "never mind", "nevermind": "never mind", "wat": "what", "wht": "what", "whats": "what's",
    "hows": "how's", "wheres": "where's", "whens": "when's", "whos": "who's", "thats": "that's",
    "dont": "don't", "im": "i'm", "ill": "i'll", "hw": "how", "muhc": "much", "mcuh": "much",
    "whn": "when", "wen": "when", "wil": "will", "wll": "will", "waht": "what", "abt": "about",
    "bout": "about", "n": "and", "adn": "and", "nad": "and", "vols": "volume", "vol": "volume",
    "stp": "stop", "stpo": "stop", "lst": "last", "thrd": "third", "scnd": "second",
    "oen": "one", "wher": "where", "whre": "where", "tyhe": "the", "sme": "same", "w": "with",
}  # fmt: skip

VOCABULARY = (
    "first second third fourth other another latter former volume order cancel never please"
    " cheaper cheapest expensive author price finished available arrive coming delivered return"
    " exchange refund instead newest latest oldest option number about there stock nothing"
    " similar anymore correct perfect right exactly neither either nope shipped arrived"
    # Words of their own that a letter keeps apart from one of these.
    " prince orders older newer places border tight light night fight might sight sock cost"
    " returns wright abort three prize priced volumes numbers options authors coming shopped"
)
KNOWN = frozenset(VOCABULARY.split())
SHORTEST = 5
"""Letters of a word that may be mended: shorter ones are too near to each other."""


def plain(text: str) -> str:
    """The text in small letters, as it was meant. A long one stays as it is."""
    if len(text) > LONGEST:
        return text
    return WORD.sub(lambda found: _word(found.group()), text.lower())


def spellings(text: str) -> tuple[str, ...]:
    """The text as written, and as it was meant where that differs."""
    return tuple(dict.fromkeys((text, plain(text))))


def _word(word: str) -> str:
    if word in KNOWN:
        return word
    return WRITTEN_OUT.get(word) or _mended(word)


def _mended(word: str) -> str:
    """The one known word that is a letter away and begins alike, or the word itself."""
    if len(word) < SHORTEST - 1:
        return word
    near = [
        other
        for other in KNOWN
        if len(other) >= SHORTEST and word[0] == other[0] and OSA.distance(word, other) == 1
    ]
    return near[0] if len(near) == 1 else word
