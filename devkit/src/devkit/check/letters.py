"""The book of dead letters: each poison record one, with its reason; nothing else any."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from devkit.check.account import Dead, Entry, Poisoned
from devkit.check.book import Book
from devkit.check.turns import Key, Turn
from events.topics import INGRESS

CONFLICT = "turn_conflict"

Place = tuple[int, int]


def _due(turns: Mapping[Key, Turn], history: Iterable[Entry]) -> dict[Place, tuple[str, ...]]:
    """The places in `chat.ingress` that must be dead-lettered, with the reasons allowed."""
    due: dict[Place, tuple[str, ...]] = {}
    for turn in turns.values():
        due |= {(ack.partition, ack.offset): (CONFLICT,) for ack in turn.conflicts if turn.certain}
    for entry in history:
        if isinstance(entry, Poisoned) and entry.partition is not None and entry.offset is not None:
            due[entry.partition, entry.offset] = entry.reasons
    return due


def _missing(due: Mapping[Place, tuple[str, ...]], reasons: Mapping[Place, list[str]]) -> list[str]:
    """The places whose dead letter is missing, doubled or has another reason."""
    wrong = []
    for place, allowed in due.items():
        got = reasons.get(place, [])
        if len(got) != 1 or got[0] not in allowed:
            found = ", ".join(got) or "none"
            wrong.append(f"{place[0]}@{place[1]}: {found}, expected {' or '.join(allowed)}")
    return wrong


def dead_letters(turns: Mapping[Key, Turn], history: Sequence[Entry], dead: Iterable[Dead]) -> Book:
    """Poison without its one dead letter, and dead letters of what was no poison.

    The same letter twice is a redelivery: it is counted as a raw duplicate, and not here.
    """
    due = _due(turns, history)
    reasons: dict[Place, list[str]] = defaultdict(list)
    wrong: list[str] = []
    for letter in {(d.topic, d.partition, d.offset, d.reason): d for d in dead}.values():
        if letter.topic == INGRESS and (letter.partition, letter.offset) in due:
            reasons[letter.partition, letter.offset].append(letter.reason)
        else:
            where = f"{letter.topic} {letter.partition}@{letter.offset}"
            wrong.append(f"{where}: unexpected {letter.reason} ({letter.detail})")
    promise = "each poison record has one dead letter with its reason, nothing else has any"
    return Book("dead letters", promise, (*wrong, *_missing(due, reasons)))
