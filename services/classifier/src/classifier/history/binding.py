"""Binds a turn to what the session remembers: an open question, or the thing last talked about."""

import re
from collections.abc import Callable, Mapping

from rapidfuzz import fuzz

from classifier.choice import Choice
from classifier.history.places import by_date, by_extreme_price, priced_at
from classifier.spelling import spellings
from events.context import Context, Option, Question
from events.decision import Evidence

ORDINALS = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "fourth": 3,
    "4th": 3,
}
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
LEAD = (
    r"^(?:(?:no|yes|yeah|yep|ok|okay|oh|um+|uh+|h+m+|well|so|sorry|wait|actually|and|but|rather|just"
    r"|not (?:that|this|it)(?: one)?|i mean|i meant|i think|i guess|it's|it is|that's|that is|is it"
    r"|make (?:it|that)|i'll (?:take|have|go (?:with|for))|let's (?:take|do|go with)|go with"
    r"|i(?:'d like| want| choose| pick| would like)|what about|how about"
    r"|(?:tell me )?(?:more )?about|more on)[,.! ]+)*(?:the |my )?"
)
LEADING = re.compile(LEAD, re.IGNORECASE)
THING = r"(?:order|book|series|manga|title|option|parcel|package|choice|volume)"
TAIL = (
    rf"(?: one| {THING})?"
    r"(?:,? (?:please|then|instead|thanks|thank you|i (?:think|guess|believe)"
    r"|of (?:those|these|them)))*\W*$"
)
ORDINAL = re.compile(rf"{LEAD}({'|'.join(ORDINALS)}|last|former|latter){TAIL}", re.IGNORECASE)
NUMBER = re.compile(
    rf"{LEAD}(?:(?:number |option |no\.? ?|#)?([1-9])"
    rf"|(?:number|option) ({'|'.join(NUMBERS)})){TAIL}",
    re.IGNORECASE,
)
PRICED = re.compile(
    rf"{LEAD}(?:(cheap(?:er|est)|less expensive|least expensive)"
    rf"|(?:more|most) expensive|dearer|dearest|pricier|priciest){TAIL}",
    re.IGNORECASE,
)
DOLLARS = re.compile(
    rf"{LEAD}(?:one |order |book )?(?:for |at |that (?:is|was|cost) )?"
    r"(?:\$ ?(\d{1,4})(?:\.(\d\d))?(?: dollars?)?"
    r"|(\d{1,4})(?:\.(\d\d))?[ -]?(?:dollars?|bucks|usd|\$))"
    rf"{TAIL}",
    re.IGNORECASE,
)
DATED = re.compile(
    rf"{LEAD}(?:(newest|latest|newer|later|most recent)|oldest|earliest|older|earlier){TAIL}",
    re.IGNORECASE,
)
OTHER = re.compile(rf"{LEAD}(?:other|another){TAIL}", re.IGNORECASE)
ANAPHORA = re.compile(
    r"^(?:and|but|what about|how about|also)\b"
    r"|\b(?:it|its|it's|they|them|that|this|that one|the order)\b",
    re.IGNORECASE,
)
FRAGMENT = re.compile(
    r"^(?:yes|yeah|yep|no|nope|ok|okay|sure|the \w+ one|(?:and|what about|how about)\b.{1,60})\W*$",
    re.IGNORECASE,
)
AGAIN = re.compile(
    r"^(?:(?:no|yes|yeah|nope|wait|sorry|i mean|i meant|and|what about|how about|or|just|only|also)"
    r"[, ]+)*(?:(?:the )?(?:other|another) \w+"
    r"|(?:just |only )?(?:volume|vol\.?|book|number|no\.?|#) ?\d{1,3})(?:,? please)?\W*$",
    re.IGNORECASE,
)
"""A choice made anew ("no, the other order", "and volume 2"): said to whom just asked for one."""

WORD = re.compile(r"[^\W_]+")
SAYS_NOTHING = re.compile(
    r"a|about|an|and|for|from|i|in|is|it|just|m|mean|my|of|on|one|only|or|please|s|that|the|to"
    r"|with"
)
SAYS_LITTLE = frozenset({"option", "order"})
"""Left out unless an option has the word."""

SIMILAR = 84.0
"""Least likeness in percent of two words: one letter missing of four, or one wrong of seven."""

SHORTEST_MISTYPED = 4

LONGEST_ANSWER = 80

Named = Callable[[str], Mapping[str, str]]


def _by_place(options: tuple[Option, ...], text: str) -> Option | None:
    if number := NUMBER.match(text):
        place = (int(number[1]) if number[1] else NUMBERS[number[2].lower()]) - 1
    elif ordinal := ORDINAL.match(text):
        word = ordinal[1].lower()
        place = ORDINALS.get(word, 0 if word == "former" else len(options) - 1)
    else:
        return None
    return options[place] if 0 <= place < len(options) else None


def _words(text: str) -> frozenset[str]:
    words = WORD.findall(text.lower())
    return frozenset(word for word in words if not SAYS_NOTHING.fullmatch(word))


def _like(word: str, other: str) -> bool:
    """Whether a word is the other, mistyped at most. What has a digit must be equal."""
    if word == other or len(word) < SHORTEST_MISTYPED or not word.isalpha():
        return word == other
    return fuzz.ratio(word, other) >= SIMILAR


def _by_name(options: tuple[Option, ...], text: str) -> Option | None:
    """The one option that has every telling word of the text; none where two have them."""
    names = {option: _words(f"{option.value} {option.label}") for option in options}
    said = _words(text) - (SAYS_LITTLE - frozenset().union(*names.values()))
    if all(word.isdigit() for word in said):
        return None
    named = [
        option
        for option, words in names.items()
        if all(any(_like(word, other) for other in words) for word in said)
    ]
    return named[0] if len(named) == 1 else None


def _by_value(options: tuple[Option, ...], text: str) -> Option | None:
    squeezed = _squeezed(text)
    return next((o for o in options if squeezed and _squeezed(o.value) == squeezed), None)


def _squeezed(text: str) -> str:
    """Letters and digits alone: `abc-123` is the order ABC123."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _by_price(options: tuple[Option, ...], text: str) -> Option | None:
    """The cheapest, the dearest, or the one of a price that is told ("the $20 one")."""
    if found := PRICED.match(text):
        return by_extreme_price(options, least=bool(found[1]))
    if (found := DOLLARS.match(text)) is None:
        return None
    dollars, cents = found[1] or found[3], found[2] or found[4]
    return priced_at(options, int(dollars), int(cents) if cents else None)


def _by_date(options: tuple[Option, ...], text: str) -> Option | None:
    found = DATED.match(text)
    return by_date(options, newest=bool(found[1])) if found else None


def _by_exclusion(options: tuple[Option, ...], context: Context, text: str) -> Option | None:
    """Of two options, "the other one" is the one not talked about."""
    if len(options) != 2 or not OTHER.match(text):
        return None
    known = set(context.entities.values())
    left = [option for option in options if option.value not in known]
    return left[0] if len(left) == 1 else None


def chosen(question: Question, context: Context, text: str) -> Option | None:
    """The option that a turn chooses, or None when it is no answer to the question."""
    for said in spellings(text.strip()):
        if said and len(said) <= LONGEST_ANSWER and (found := _chosen(question, context, said)):
            return found
    return None


def _chosen(question: Question, context: Context, text: str) -> Option | None:
    return (
        _by_value(question.options, text)
        or _by_place(question.options, text)
        or _by_exclusion(question.options, context, text)
        or _by_price(question.options, text)
        or _by_date(question.options, text)
        or _by_name(question.options, text)
    )


def _nothing(_: str) -> Mapping[str, str]:
    return {}


def answered(context: Context, text: str, named: Named = _nothing) -> Choice | None:
    """The choice of a turn that answers the session's open question.

    `named` finds what a text is and says nothing else of: a value that is no option answers too.
    """
    question = context.question
    if question is None:
        return None
    if option := chosen(question, context, text):
        slots = {question.slot: option.value}
    else:
        found = named(LEADING.sub("", text.strip()))
        slots = dict(found) if question.slot in found else {}
    if not slots:
        return None
    value = slots[question.slot]
    why = f"answers the open question for {question.slot}: {value}"
    if question.slot == "use_case":
        return Choice(Evidence.QUESTION, value, why, slots=dict(context.entities))
    return Choice(Evidence.QUESTION, question.use_case, why, question.template, slots)


def says_no_more(text: str, value: str) -> bool:
    """Whether a text names a value and tells nothing else ("it's order ABC-123, please")."""
    telling = _words(text) - SAYS_LITTLE
    said = [word for word in WORD.findall(text.lower()) if word in telling]
    return "".join(said) == _squeezed(value)


def is_fragment(text: str) -> bool:
    """Whether a text makes sense only as a word to whoever asked last."""
    text = text.strip()
    short = FRAGMENT.match(text) and not text.lower().startswith(("and", "what", "how"))
    return bool(short or AGAIN.match(text) or ORDINAL.match(text) or NUMBER.match(text))


def refers_back(text: str) -> bool:
    """Whether a text may mean something said before ("and when does it arrive?").

    "The other one" means what was not talked about.
    """
    other = any(OTHER.match(said) for said in spellings(text.strip()))
    return not other and bool(ANAPHORA.search(text))


def needs_context(text: str) -> bool:
    """Whether a text means nothing by itself ("the second one", "yes", "and volume 13?")."""
    text = text.strip()
    return bool(FRAGMENT.match(text) or ORDINAL.match(text) or NUMBER.match(text))
