"""Words of a turn held against what was told of things: by name, by what was said, by state."""

import re
from collections.abc import Callable, Iterable

from classifier.history.dates import day_in_year
from classifier.history.elliptic import OF_BOOKS, OF_ORDERS, SMALL
from classifier.history.mentions import Mention
from classifier.history.naming import alike, squeezed, words_of
from classifier.history.numerals import CARDINALS, ORDINALS
from classifier.history.subject import ORDER_ID
from classifier.history.told import name_of

SHORTEST = 4
"""Letters of a word that tells a title by itself."""

STATE_WORDS = (
    "delayed late waiting waits expect expected held pending backordered postponed stuck due",
    "missing sold unavailable gone exhausted out",
    "delivered arrived came received",
    "shipped sent transit underway left dispatched way",
    "open pending unpaid outstanding processing",
    "packed packing prepared preparing",
    "refunded paid credited returned",
    "cancelled canceled",
    "preorder preordered upcoming unreleased due",
    "complete completed finished ended concluded",
    "ongoing running unfinished continuing hiatus",
    "damaged broken torn wet bent crushed",
)
STATES = tuple(frozenset(line.split()) for line in STATE_WORDS)
"""Words that tell one and the same state of an order or a book."""

NOTHING = SMALL | {
    "one",
    "thing",
    "order",
    "orders",
    "parcel",
    "package",
    "book",
    "books",
    "series",
}
COMMON = SMALL | OF_BOOKS | OF_ORDERS | CARDINALS.keys() | ORDINALS.keys()

Score = Callable[[Mention], int]


def by_name(things: tuple[Mention, ...], text: str) -> Mention | None:
    """The one thing of whose title a text has telling words, or of whose order id a part."""
    said = {word for word in words_of(text) if word not in COMMON}
    return best(things, lambda one: _named(one, said))


def by_telling(things: tuple[Mention, ...], words: str) -> Mention | None:
    """The one thing of which most was told in such words, or in words for the same state."""
    said = words_of(words) - NOTHING
    day = day_in_year(words)

    def score(one: Mention) -> int:
        told = words_of(one.label) | words_of(name_of(one.slots))
        dated = day is not None and day == day_in_year(one.label)
        return 2 * dated + sum(_tells(word, told) for word in said)

    return best(things, score)


def calls_by_name(one: Mention, text: str) -> int:
    """How many telling words of a text are of a thing's title, or a part of its order id."""
    return _named(one, {word for word in words_of(text.lower()) if word not in COMMON})


def tells_of(one: Mention, text: str) -> int:
    """How many words of a text were told of a thing, or tell the same state."""
    told = words_of(one.label) | words_of(name_of(one.slots))
    return sum(_tells(word, told) for word in words_of(text.lower()) - NOTHING)


def best(things: Iterable[Mention], score: Score) -> Mention | None:
    """The one thing with the highest score; none where two have it, or all have nothing."""
    scored = sorted(((score(one), at, one) for at, one in enumerate(things)), reverse=True)
    if not scored or scored[0][0] == 0:
        return None
    return None if len(scored) > 1 and scored[1][0] == scored[0][0] else scored[0][2]


def _named(one: Mention, said: set[str]) -> int:
    if ORDER_ID in one.slots:
        id_ = squeezed(one.slots[ORDER_ID])
        return sum(len(word) > 2 and (id_.startswith(word) or id_.endswith(word)) for word in said)
    words = {word for word in re.findall(r"\w+", name_of(one.slots).lower()) if word not in COMMON}
    told = {word for word in words if len(word) >= SHORTEST}
    return sum(any(alike(word, other) for other in told) for word in said if len(word) >= SHORTEST)


def _tells(word: str, told: Iterable[str]) -> bool:
    told = set(told)
    same = (state for state in STATES if word in state)
    return any(alike(word, other) for other in told) or any(state & told for state in same)
