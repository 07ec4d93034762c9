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


def settled(
    shop: Shop, reader: Reader, choice: Choice, own: Mapping[str, str], context: Context, text: str
) -> Choice:
    """The choice with the order and the book that the reader picks.

    What the turn itself or an answer named (`own`) stays; a dialogue knows its own things.
    """
    elsewhere = choice.by is Evidence.FLOW or choice.use_case == OUT_OF_SCOPE
    if elsewhere or not context.recent:
        return choice
    slots = choice.slots
    for kind, names in KINDS.items():
        if own.keys().isdisjoint(names):
            slots = _picked(shop, reader, replace(choice, slots=slots), kind, context, text)
    return replace(choice, slots=slots)


def _picked(
    shop: Shop, reader: Reader, choice: Choice, kind: str, context: Context, text: str
) -> dict[str, str]:
    slots = choice.slots
    found = candidates(shop, context, text, kind, slots)
    nothing = nothing_of(choice.use_case, reader.labels, at_large(shop, text, kind, slots))
    one = reader.referents[kind].pick(found, nothing)
    names = BOOK if kind == "book" else (ORDER_ID,)
    rest = {name: value for name, value in slots.items() if name not in names}
    if one is None:
        return rest
    if name_of(one.thing.slots) == name_of({k: v for k, v in slots.items() if k in names}):
        return slots
    return rest | _with_volume(dict(one.thing.slots), text)


def _with_volume(slots: dict[str, str], text: str) -> dict[str, str]:
    """A book with the volume that the turn tells: by number, or one step from the one told."""
    if ORDER_ID in slots:
        return slots
    said = in_digits(plain(text))
    meant = volume_meant(said, slots.get(VOLUME))
    number = meant[0] if meant else volume_within(said)
    return slots | ({VOLUME: number} if number else {})
