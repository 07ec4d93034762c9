"""The thing that a turn hints at in words of its own: "the kaiju", "the delayed one", "the first".

Nothing needs a list here, or a question: what the last exchanges spoke of is held against the
turn. Of two that fit alike, none is meant.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from classifier.history.elliptic import titles_said
from classifier.history.frame import PLACES, place_of
from classifier.history.likeness import by_name, by_telling
from classifier.history.mentions import Mention
from classifier.history.numerals import in_digits
from classifier.history.options import chosen
from classifier.history.subject import ORDER_ID, SERIES
from classifier.history.told import BOOK, Told, books_told, every, name_of, orders_told
from classifier.history.wanted import kinds_of
from events.context import Context, Option, Question
from playbook.shop import Shop

THING = (
    r"(?:ones?|1|thing|order|parcel|package|shipment|delivery|charge|payment|refund|return|book"
    r"|manga|series|title|preorder|stuff|volume)"
)
DESCRIBED = (
    re.compile(rf"\b(?:the|that|my) (?P<words>(?:[\w$.'-]+ ){{1,4}}?){THING}\b", re.IGNORECASE),
    re.compile(
        rf"\b(?:the|that) {THING} "
        r"(?:with|w|from|of|for|about|in|by|on|at|where|who|which|that|being)"
        r"(?:'s| is| was| has)? (?P<words>[^,;:.?!]{2,40})",
        re.IGNORECASE,
    ),
)
"""Words that tell which one is meant."""

MEASURED = re.compile(
    r"\b(?:the )?(?P<words>cheap(?:er|est)|(?:more |most |less |least )?expensive|dear(?:er|est)"
    r"|pric(?:ier|iest)|short(?:er|est)|long(?:er|est)|small(?:er|est)|bigg(?:er|est)"
    r"|larg(?:er|est)|new(?:er|est)|old(?:er|est)|lat(?:er|est)|earli(?:er|est))"
    r" (?:ones?|1|of (?:those|these|them|the (?:two|three))|order|book|series)\b",
    re.IGNORECASE,
)
PLACED = re.compile(
    rf"\b(?:the |that )(?P<place>{PLACES}|last|former|latter)"
    r"(?: (?:one|1|series|title|order|parcel|manga|of (?:those|these|them|the two))\b"
    r"|(?=\W*$|[,;:.!?]| (?:is|was|has|does|at|in|on|please|then|instead|too|as|still|yet)\b))",
    re.IGNORECASE,
)
NUMBERED = re.compile(r"\b(?:number|option) ?(?P<place>[1-9])\b(?!\d)", re.IGNORECASE)
OTHER = re.compile(
    r"\b(?:the|my|that) other(?: (?:one|1|order|parcel|series|book|title|manga|two))?(?=\W|$)"
    r"(?! (?:day|time|week|night|hand|side|way))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Hint:
    """A thing and the words that hint at it."""

    thing: Mention
    words: str


def hinted(shop: Shop, context: Context, text: str) -> Hint | None:
    """The order or the book that a text describes, counts or calls by a part of its name."""
    said = in_digits(text.lower())
    kinds = (orders_told(shop, context), books_told(shop, context))
    if ORDER_ID not in kinds_of(shop, context.use_case):
        kinds = kinds[::-1]
    if titles := titles_said(shop, text):
        return _repeated(kinds, set(titles.values()))
    return next((hint for told in kinds if told and (hint := _of(told, context, said))), None)


def item_named(shop: Shop, context: Context, text: str) -> Mention | None:
    """The one book of the last exchanges that a text calls by a part of its title."""
    return by_name(every(books_told(shop, context)), text.lower())


def _of(told: tuple[Told, ...], context: Context, text: str) -> Hint | None:
    return (
        _named(told, text)
        or _other(told, context, text)
        or _placed(told, text)
        or _measured(_list(told), context, text)
        or _described(told, text)
    )


def _named(told: tuple[Told, ...], text: str) -> Hint | None:
    found = by_name(every(told), text)
    return Hint(found, "") if found else None


def _described(told: tuple[Told, ...], text: str) -> Hint | None:
    for found in chain.from_iterable(pattern.finditer(text) for pattern in DESCRIBED):
        for things in (told[0], every(told)):
            thing = by_telling(things, found["words"]) if len(things) > 1 else None
            if thing:
                return Hint(thing, found.group())
    return None


def _measured(things: Told, context: Context, text: str) -> Hint | None:
    found = MEASURED.search(text)
    if found is None or len(things) < 2:
        return None
    options = tuple(Option(value=one.value, label=one.label) for one in things)
    asked = Question(use_case=context.use_case or "", slot=SERIES, options=options)
    option = chosen(asked, context, f"the {found['words']} one")
    thing = next((one for one in things if option and one.value == option.value), None)
    return Hint(thing, found.group()) if thing else None


def _placed(told: tuple[Told, ...], text: str) -> Hint | None:
    """By place in the last list; where no exchange had one, in the order of the exchanges."""
    found = PLACED.search(text) or NUMBERED.search(text)
    if found is None:
        return None
    things = _list(told)
    word = found["place"]
    place = int(word) - 1 if word.isdigit() else place_of(word, len(things))
    if len(things) < 2 or place is None or not 0 <= place < len(things):
        return None
    return Hint(things[place], found.group())


def _other(told: tuple[Told, ...], context: Context, text: str) -> Hint | None:
    """The other one of two: the one that is not remembered, or not told more of."""
    found = OTHER.search(text)
    things = _distinct(told[0]) if found else ()
    things = things if len(things) > 1 else _distinct(every(told[:2]))
    if found is None or len(things) != 2:
        return None
    known = {context.entities.get(name) for name in (ORDER_ID, *BOOK[:2])}
    left = [one for one in things if name_of(one.slots) not in known]
    if len(left) == 2:
        left = [one for one in things if " / " not in one.label]
    return Hint(left[0], found.group()) if len(left) == 1 else None


def _repeated(kinds: Iterable[tuple[Told, ...]], series: set[str]) -> Hint | None:
    """The one book whose title is named again, of those that were told."""
    things = [one for told in kinds for one in every(told) if one.slots.get(SERIES) in series]
    return Hint(things[0], "") if len(things) == 1 == len(series) else None


def _list(told: tuple[Told, ...]) -> Told:
    """The things of the newest exchange, or of all where it spoke of a single one."""
    things = _distinct(told[0])
    return things if len(things) > 1 else _distinct(every(told))


def _distinct(things: Told) -> Told:
    """Each order or series once, whatever its volumes."""
    found: dict[str, Mention] = {}
    for one in things:
        found.setdefault(name_of(one.slots), one)
    return tuple(found.values())
