"""The orders and books that a turn in its session may be about, each with what speaks for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from classifier.history.elliptic import BROAD, is_elliptic, titles_said
from classifier.history.filling import INDEFINITE, REFERS, loose_order
from classifier.history.frame import place_of
from classifier.history.hint import NUMBERED, OTHER, PLACED
from classifier.history.leaning import refers_back
from classifier.history.likeness import NOTHING, calls_by_name, tells_of
from classifier.history.mentions import Mention
from classifier.history.naming import words_of
from classifier.history.subject import ORDER_ID, SERIES, TITLE, VOLUME
from classifier.history.told import Told, books_told, name_of, orders_told
from classifier.scoring import Vector
from events.context import Context
from playbook.about import stems
from playbook.shop import Shop

KINDS: Mapping[str, tuple[str, ...]] = {"order": (ORDER_ID,), "book": (SERIES, TITLE)}
"""The kinds of things, with the slots that name one."""

SIGNS = (
    "named in the turn",
    "talked about last",
    "in the newest exchange",
    "only one there",
    "first there",
    "last there",
    "in the exchange before",
    "earlier",
    "named by the customer",
    "an option of the question",
    "at the place the turn counts to",
    "not the last, where the turn wants the other",
    "the last, where the turn wants the other",
    "called by a part of its name",
    "told of in the turn's words",
    "told of most",
    "told of by the catalogue",
    "told of most by the catalogue",
    "chosen first",
    "one of several",
    "a name that the catalogue lacks",
)
"""What speaks for or against a thing; see `Candidate.signs`."""

AT_LARGE = 10
"""Signs beside the use case that a turn is about nothing of a kind; see `at_large`."""


@dataclass
class Candidate:
    """One order or series. `thing` has its slots, and what was told of it."""

    thing: Mention
    signs: dict[str, float] = field(default_factory=dict)

    def vector(self) -> Vector:
        """(signs,) in the order of `SIGNS`."""
        return np.array([self.signs.get(name, 0.0) for name in SIGNS])


def candidates(
    shop: Shop, context: Context, text: str, kind: str, chosen: Mapping[str, str]
) -> list[Candidate]:
    """All things of a kind that the turn or the session named. `chosen` are the slots so far."""
    told = (orders_told if kind == "order" else books_told)(shop, context)
    found: dict[str, Candidate] = {}
    for slots in _own(shop, context, text, kind):
        _of(found, slots).signs["named in the turn"] = 1.0
    if last := {n: context.entities[n] for n in KINDS[kind] if n in context.entities}:
        _of(found, last).signs["talked about last"] = 1.0
    for age, things in enumerate(told):
        _place(found, things, age)
    _point(found, text, len(told[0]) if told else 0)
    _compare(shop, found, text)
    options = {one.value for one in context.question.options} if context.question else set()
    for name, one in found.items():
        slots = one.thing.slots
        one.signs["an option of the question"] = float(name in options)
        one.signs["one of several"] = float(len(found) > 1)
        one.signs["a name that the catalogue lacks"] = float(TITLE in slots)
        same = (chosen.get(slot) == slots[slot] for slot in KINDS[kind] if slot in slots)
        one.signs["chosen first"] = float(any(same))
    return list(found.values())


def at_large(
    shop: Shop, context: Context, text: str, kind: str, chosen: Mapping[str, str]
) -> Vector:
    """(AT_LARGE,): what says that a turn is about no thing of a kind."""
    flags = (
        True,
        refers_back(text),
        is_elliptic(shop, text),
        INDEFINITE.search(text),
        REFERS.search(text),
        BROAD.search(text),
        not any(name in chosen for name in KINDS[kind]),
        _own(shop, context, text, kind),
        "?" in text,
    )
    return np.array([*(float(bool(flag)) for flag in flags), np.log1p(len(text.split()))])


def _own(shop: Shop, context: Context, text: str, kind: str) -> list[Mapping[str, str]]:
    if kind == "order":
        named = shop.find_slots(text).get(ORDER_ID) or loose_order(shop, context, text)
        return [{ORDER_ID: named}] if named else []
    return [{SERIES: series} for series in dict.fromkeys(titles_said(shop, text).values())]


def _of(found: dict[str, Candidate], slots: Mapping[str, str]) -> Candidate:
    return found.setdefault(name_of(slots), Candidate(Mention(dict(slots), "")))


def _place(found: dict[str, Candidate], things: Told, age: int) -> None:
    """Where the things of one exchange stand; `age` counts the exchanges back from the newest."""
    names = list(dict.fromkeys(name_of(one.slots) for one in things))
    for one in things:
        candidate = _of(found, one.slots)
        label = f"{candidate.thing.label} / {one.label}".strip(" /")
        candidate.thing = Mention(_slots(candidate, one.slots, age), label)
        candidate.signs.setdefault("age", age)
        if not one.label:
            candidate.signs["named by the customer"] = 1.0
        if candidate.signs["age"] == age:
            candidate.signs |= _stand(age, names.index(name_of(one.slots)), len(names))


def _slots(candidate: Candidate, slots: Mapping[str, str], age: int) -> Mapping[str, str]:
    """Those of the newest mention; of two volumes told at once, neither."""
    known = candidate.thing.slots
    if "age" not in candidate.signs:
        return slots
    several = candidate.signs["age"] == age and known.get(VOLUME) != slots.get(VOLUME)
    return {n: v for n, v in known.items() if n != VOLUME} if several else known


def _stand(age: int, place: int, count: int) -> dict[str, float]:
    if age:
        return {"in the exchange before": float(age == 1), "earlier": float(age > 1)}
    several = count > 1
    return {
        "in the newest exchange": 1.0,
        "only one there": float(not several),
        "first there": float(several and place == 0),
        "last there": float(several and place == count - 1),
        "place": float(place),
        "count": float(count),
    }


def _point(found: dict[str, Candidate], text: str, newest: int) -> None:
    """What the turn says of places and of "the other"."""
    said = text.lower()
    counted = PLACED.search(said) or NUMBERED.search(said)
    other = OTHER.search(said) or re.search(r"\bother\b", said)
    for one in found.values():
        signs = one.signs
        last = bool(signs.get("talked about last"))
        signs["not the last, where the turn wants the other"] = float(bool(other) and not last)
        signs["the last, where the turn wants the other"] = float(bool(other) and last)
        if counted and newest and signs.get("count", 0) > 1:
            word, count = counted["place"], int(signs["count"])
            place = int(word) - 1 if word.isdigit() else place_of(word, count)
            signs["at the place the turn counts to"] = float(place == signs["place"])


def _compare(shop: Shop, found: dict[str, Candidate], text: str) -> None:
    """How much of the turn's words belong to each."""
    said = stems(" ".join(words_of(text.lower()) - NOTHING))
    for one in found.values():
        known = shop.about.get(one.thing.slots.get(SERIES, ""), frozenset())
        one.signs["called by a part of its name"] = float(min(2, calls_by_name(one.thing, text)))
        one.signs["told of in the turn's words"] = float(min(3, tells_of(one.thing, text)))
        one.signs["told of by the catalogue"] = float(min(3, len(said & known)))
    _most(found, "told of in the turn's words", "told of most")
    _most(found, "told of by the catalogue", "told of most by the catalogue")


def _most(found: dict[str, Candidate], much: str, most: str) -> None:
    """Which of several has most of a sign, if any has it."""
    top = max((one.signs[much] for one in found.values()), default=0.0)
    for one in found.values():
        one.signs[most] = float(top > 0 and one.signs[much] == top and len(found) > 1)
