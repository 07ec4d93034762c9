"""The things that a decided turn is about, as the reader picks them."""

from collections.abc import Mapping
from dataclasses import replace

from classifier.choice import Choice
from classifier.history.numerals import in_digits
from classifier.history.subject import ORDER_ID, SERIES, TITLE, VOLUME
from classifier.history.told import name_of
from classifier.history.volumes import volume_meant, volume_within
from classifier.manifest import OUT_OF_SCOPE
from classifier.reading.candidates import KINDS, at_large, candidates
from classifier.reading.reader import Reader
from classifier.reading.referent import nothing_of
from classifier.spelling import plain
from events.context import Context
from events.decision import Evidence
from playbook.shop import Shop

BOOK = (SERIES, TITLE, VOLUME)
OF_SERIES = frozenset({"product_info", "recommendation"})
"""Use cases whose turns after "volume 4 is in stock" want the series in 17 of 38 cases; in others
the volume, in 101 of 129."""


def settled(
    shop: Shop, reader: Reader, choice: Choice, own: Mapping[str, str], context: Context, text: str
) -> Choice:
    """The choice with the order and the book that the reader picks.

    What the turn itself or an answer named (`own`) stays. A dialogue knows its own things, and so
    does a rule: "where is my order" asks which.
    """
    if not context.recent or not picks_of(choice):
        return choice
    slots = choice.slots
    for kind, names in KINDS.items():
        if own.keys().isdisjoint(names):
            slots = _picked(shop, reader, replace(choice, slots=slots), kind, context, text)
    return replace(choice, slots=slots)


def picks_of(choice: Choice) -> bool:
    """Whether the things of such a choice are the reader's to pick."""
    return choice.by not in (Evidence.FLOW, Evidence.RULE) and choice.use_case != OUT_OF_SCOPE


def _picked(
    shop: Shop, reader: Reader, choice: Choice, kind: str, context: Context, text: str
) -> dict[str, str]:
    slots = choice.slots
    found = candidates(shop, context, text, kind, slots)
    nothing = nothing_of(choice.use_case, reader.labels, at_large(shop, context, text, kind, slots))
    one = reader.referents[kind].pick(found, nothing)
    names = BOOK if kind == "book" else (ORDER_ID,)
    rest = {name: value for name, value in slots.items() if name not in names}
    if one is None:
        return rest
    if kind == "order":
        return rest | dict(one.thing.slots)
    had = {name: value for name, value in slots.items() if name in names}
    stays = name_of(one.thing.slots) == name_of(had)
    if stays and VOLUME in had:
        return slots
    known = _known_volume(one.thing.slots, context)
    book = slots if stays else rest | dict(one.thing.slots)
    return book | _volume(known, choice.use_case, text)


def _known_volume(book: Mapping[str, str], context: Context) -> str | None:
    """The volume that was told of a book, or talked about last."""
    last = name_of({n: v for n, v in context.entities.items() if n in BOOK})
    remembered = context.entities.get(VOLUME) if last == name_of(book) else None
    return book.get(VOLUME) or remembered


def _volume(known: str | None, use_case: str, text: str) -> dict[str, str]:
    """The volume that the turn tells, by number or as a step from the known one; else that one.

    Facts and suggestions are of the series as often as of a volume: there the known one is left.
    """
    said = in_digits(plain(text))
    meant = volume_meant(said, known)
    told = meant[0] if meant else volume_within(said)
    number = told or (None if use_case in OF_SERIES else known)
    return {VOLUME: number} if number else {}
