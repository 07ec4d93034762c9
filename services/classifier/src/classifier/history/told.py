"""The things that the last exchanges spoke of: orders, and books, the newest exchange first."""

import re
from collections.abc import Callable, Iterable, Mapping

from classifier.history.elliptic import titles_said
from classifier.history.mentions import Mention, books_in, orders_in
from classifier.history.subject import ORDER_ID, SERIES, TITLE, VOLUME
from events.context import Context, Exchange
from playbook.shop import Shop

BOOK = (SERIES, TITLE, VOLUME)
RANGE = re.compile(r"\d{1,3} ?(?:to|-|–|through|until) ?\d{1,3}\b", re.IGNORECASE)
PLACE_OF = re.compile(
    r"(?:^|[.!?;] )the (?P<place>first|second|third|former|latter|last)(?: one)? "
    r"(?P<said>[^.!?;]+)",
    re.IGNORECASE,
)
"""What a reply tells of a thing that it named before: "the first was refunded"."""

Told = tuple[Mention, ...]
Reading = Callable[[Shop, Exchange], Told]


def orders_told(shop: Shop, context: Context) -> tuple[Told, ...]:
    """The orders of every exchange that spoke of one."""
    return _told(shop, context, _orders)


def books_told(shop: Shop, context: Context) -> tuple[Told, ...]:
    """The books of every exchange that spoke of one."""
    return _told(shop, context, _books)


def every(told: Iterable[Told]) -> Told:
    """Each thing once, the oldest first, with all that was told of it."""
    exchanges = tuple(told)[::-1]
    return _merged(one for things in exchanges for one in things)


def salient(told: tuple[Told, ...], known: Mapping[str, str]) -> dict[str, str]:
    """The only thing of the newest exchange that spoke of any; of several, none.

    `known` is what the session remembers: it counts where the exchanges spoke of nothing.
    """
    if not told:
        return dict(known)
    series = {name_of(one.slots) for one in told[0]}
    if len(series) > 1:
        return {}
    things = {tuple(sorted(one.slots.items())) for one in told[0]}
    only = dict(told[0][0].slots)
    return only if len(things) == 1 else {k: v for k, v in only.items() if k != VOLUME}


def name_of(slots: Mapping[str, str]) -> str:
    """The order, or the series without its volume."""
    return slots.get(ORDER_ID) or slots.get(SERIES) or slots.get(TITLE, "")


def _told(shop: Shop, context: Context, read: Reading) -> tuple[Told, ...]:
    found = (read(shop, one) for one in reversed(context.recent))
    return tuple(things for things in found if things)


def _orders(shop: Shop, one: Exchange) -> Told:
    replied = orders_in(shop, one.replied)
    named = shop.find_slots(one.said).get(ORDER_ID)
    said = (Mention({ORDER_ID: named}, ""),) if named else ()
    return _with_places(_merged((*replied, *said)), one.replied)


def _books(shop: Shop, one: Exchange) -> Told:
    replied = tuple(_whole(book) for book in books_in(shop, one.replied))
    named = {name_of(book.slots) for book in replied}
    series = dict.fromkeys(titles_said(shop, one.said).values())
    said = (Mention({SERIES: id_}, "") for id_ in series if id_ not in named)
    return _with_places(_merged((*said, *replied)), one.replied)


def _whole(book: Mention) -> Mention:
    """A range of volumes is the series, and not its first volume."""
    if VOLUME not in book.slots or not RANGE.search(book.label):
        return book
    slots = {name: value for name, value in book.slots.items() if name != VOLUME}
    return Mention(slots, book.label)


def _merged(things: Iterable[Mention]) -> Told:
    labels: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for one in things:
        labels.setdefault(tuple(one.slots.items()), []).append(one.label)
    found = (Mention(dict(key), " / ".join(said)) for key, said in labels.items())
    return tuple(found)


def _with_places(things: Told, reply: str) -> Told:
    """The things, each with what the reply tells of its place."""
    labels = [one.label for one in things]
    for found in PLACE_OF.finditer(reply) if len(things) > 1 else ():
        word = found["place"].lower()
        place = {"former": 0, "first": 0, "second": 1, "third": 2}.get(word, len(things) - 1)
        if place < len(things):
            labels[place] += f" / {found['said']}"
    return tuple(Mention(one.slots, label) for one, label in zip(things, labels, strict=True))
