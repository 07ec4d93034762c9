"""The book of answers that are not what the driver expected of its own texts."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from devkit.check.account import Expected
from devkit.check.book import Book
from devkit.check.excuses import marks_of
from devkit.check.turns import Key, Turn, key_of, name_of
from events.reply import Reply

Excused = Callable[[Reply], bool]
"""Whether a fault excuses a reply that is not what was expected."""


CROWDED_SHARE = 0.005
LIMITS = frozenset({"qdrant", "embedder", "stock", "busy", "deadline"})
"""Marks of a dependency that did not answer in its few hundred milliseconds."""


def wrong(turns: Mapping[Key, Turn], accepted: Sequence[Reply], excused: Excused) -> Book:
    """Answers with another status, use case, tier or subject than their text calls for.

    A degraded answer is held to it too, unless a fault took away what it needs; but one in two
    hundred may be marked by a time limit that passed on a busy machine. What follows in a session
    where an answer was not as expected, or out of order, may mean something else.
    """
    found = list(_departures(turns, accepted, excused))
    crowded = [one for one in found if one[0] in _given_up(accepted)]
    if len(crowded) <= CROWDED_SHARE * len(accepted):
        found = [one for one in found if one not in crowded]
    promise = "each answer has the use case, tier and facts expected"
    return Book("wrong", promise, tuple(f"{name_of(key)}: {how}" for key, how in found))


def _given_up(accepted: Iterable[Reply]) -> frozenset[Key]:
    """The turns whose answers are marked by nothing but limits of time."""
    marked = ((key_of(reply), marks_of(reply)) for reply in accepted)
    return frozenset(key for key, marks in marked if marks and marks <= LIMITS)


def undisturbed(
    turns: Mapping[Key, Turn], accepted: Iterable[Reply], excused: Excused
) -> frozenset[Key]:
    """The turns of which it is known what their answer must be."""
    return frozenset(key for key, _, certain in _judged(turns, accepted, excused) if certain)


def _departures(
    turns: Mapping[Key, Turn], accepted: Iterable[Reply], excused: Excused
) -> Iterable[tuple[Key, str]]:
    for key, how, certain in _judged(turns, accepted, excused):
        if how and certain:
            yield key, how


def _judged(
    turns: Mapping[Key, Turn], accepted: Iterable[Reply], excused: Excused
) -> Iterable[tuple[Key, str | None, bool]]:
    """Each known reply's turn, how it departs, and whether it is known what it must be."""
    disturbed: set[str] = set()
    known = [reply for reply in accepted if key_of(reply) in turns]
    for reply in sorted(known, key=_place):
        turn = turns[key_of(reply)]
        expected = turn.first.expected
        unclear = expected.follows and reply.session_id in disturbed
        certain = turn.certain and not unclear and not excused(reply)
        how = _departs(expected, reply)
        if how or reply.gap or not certain:
            disturbed.add(reply.session_id)
        yield key_of(reply), how, certain


def _place(reply: Reply) -> tuple[str, int]:
    return reply.session_id, reply.turn_no or 0


def _departs(expected: Expected, reply: Reply) -> str | None:
    """How a reply departs from what was expected of it."""
    for name in ("status", "use_case", "tier", "reason"):
        wanted = getattr(expected, name)
        if wanted is not None and getattr(reply, name) != wanted:
            marks = f" ({', '.join(reply.degraded)})" if reply.degraded else ""
            return f"{name} is {getattr(reply, name)}{marks}, expected {wanted}"
    if expected.mentions and expected.mentions not in reply.text:
        return f"does not mention {expected.mentions}"
    return None
