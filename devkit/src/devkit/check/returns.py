"""The book of returns: what was agreed to is opened once, and nothing else is."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set

from devkit.check.account import Return
from devkit.check.book import Book
from devkit.check.turns import Key, Turn, key_of, name_of
from events.reply import Reply, Status

KIND = "return"
"""The kind of source that names a return's label."""


def returns(
    turns: Mapping[Key, Turn],
    accepted: Sequence[Reply],
    opened: Sequence[Return],
    certain: Set[Key],
) -> Book:
    """Returns that are doubled, missing, or told otherwise. `certain`: the turns that must be as
    expected."""
    promise = "each confirmed return is in the database once, and told as it is there"
    wrong = (
        *_doubled(opened),
        *_untold(accepted, opened),
        *_missing(turns, accepted, opened, certain),
        *_stray(turns, opened),
    )
    return Book("returns", promise, wrong)


def _doubled(opened: Iterable[Return]) -> Iterable[str]:
    lines = Counter((one.order_id, line) for one in opened for line in one.lines)
    for (order, line), count in lines.items():
        if count > 1:
            yield f"line {line} of order {order} is returned {count} times"
    turns = Counter((one.session_id, one.turn_id) for one in opened)
    for key, count in turns.items():
        if count > 1:
            yield f"{name_of(key)}: opened {count} returns"


def _untold(accepted: Iterable[Reply], opened: Iterable[Return]) -> Iterable[str]:
    """Replies that name a return which is not there, or another than their turn opened."""
    labels = {one.label_no: one for one in opened}
    own = {(one.session_id, one.turn_id): one.label_no for one in opened}
    for reply in accepted:
        told = {source.ref for source in reply.sources if source.kind == KIND}
        if unknown := told - labels.keys():
            yield f"{name_of(key_of(reply))}: tells of return {min(unknown)}, which is not there"
        label = own.get(key_of(reply))
        if label and told and label not in told:
            yield f"{name_of(key_of(reply))}: opened {label}, tells of {min(told)}"


def _missing(
    turns: Mapping[Key, Turn],
    accepted: Iterable[Reply],
    opened: Iterable[Return],
    certain: Set[Key],
) -> Iterable[str]:
    there = {(one.session_id, one.turn_id) for one in opened if one.lines}
    for reply in accepted:
        key = key_of(reply)
        done = reply.status is Status.COMPLETED and key in certain
        if done and turns[key].first.expected.opens and key not in there:
            yield f"{name_of(key)}: confirmed, and nothing is opened"


def _stray(turns: Mapping[Key, Turn], opened: Iterable[Return]) -> Iterable[str]:
    for one in opened:
        turn = turns.get((one.session_id, one.turn_id))
        if turn is None or not turn.first.expected.opens:
            yield f"{one.session_id}/{one.turn_id}: opened {one.label_no} unasked"
