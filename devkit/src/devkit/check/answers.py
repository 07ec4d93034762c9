"""The books of replies: lost, phantom, duplicate, order; and of the rows behind them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from devkit.check.account import Effect, Seen
from devkit.check.book import Book
from devkit.check.turns import Key, Turn, key_of, name_of
from events.reply import Reply, Status
from events.tier import Tier


def lost(turns: Mapping[Key, Turn], accepted: Sequence[Reply]) -> Book:
    """Turns that the broker acked and nobody answered."""
    answered = {key_of(reply) for reply in accepted}
    missing = [name_of(key) for key, turn in turns.items() if turn.acks and key not in answered]
    return Book("lost", "every acked turn has a terminal reply", tuple(missing))


def phantom(turns: Mapping[Key, Turn], egress: Sequence[Seen]) -> Book:
    """Replies to nothing that was sent, and records that are no reply."""
    replies = (seen.reply for seen in egress if seen.reply)
    strangers = [name_of(key_of(reply)) for reply in replies if key_of(reply) not in turns]
    broken = [f"egress {s.partition}@{s.offset}: {s.broken}" for s in egress if s.broken]
    promise = "every reply is a reply, and belongs to a turn that was sent"
    return Book("phantom", promise, (*strangers, *broken))


def duplicate(accepted: Sequence[Reply]) -> Book:
    """Turns that a customer saw answered twice."""
    counts = Counter(key_of(reply) for reply in accepted)
    twice = [f"{name_of(key)} shown {count} times" for key, count in counts.items() if count > 1]
    return Book("duplicate", "after the reader's rule no turn is answered twice", tuple(twice))


def order(accepted: Sequence[Reply]) -> Book:
    """Turns of a session answered after a later one."""
    last: dict[str, int] = {}
    late: list[str] = []
    for reply in accepted:
        if reply.gap or reply.turn_no is None:
            continue
        before = last.get(reply.session_id, 0)
        if reply.turn_no <= before:
            late.append(f"{name_of(key_of(reply))}: {reply.turn_no} after {before}")
        last[reply.session_id] = max(before, reply.turn_no)
    return Book("order", "a session's turns are answered in their order, gaps aside", tuple(late))


def _looked_up(reply: Reply) -> bool:
    # A degraded answer may be the route's fallback, that no row was read for.
    answered = reply.tier is Tier.ORDER and reply.status is Status.COMPLETED
    return answered and not reply.degraded


def effects_once(accepted: Sequence[Reply], effects: Iterable[Effect]) -> Book:
    """Rows of `order_access` that are missing, doubled, or without an answer."""
    rows = Counter((effect.session_id, effect.turn_id) for effect in effects)
    due = {key_of(reply) for reply in accepted if _looked_up(reply)}
    missing = [f"{name_of(key)}: missing" for key in due if not rows[key]]
    doubled = [f"{name_of(key)}: {count} times" for key, count in rows.items() if count > 1]
    answered = {key_of(reply) for reply in accepted}
    stray = [f"{name_of(key)}: without an answer" for key in rows if key not in answered]
    once = "each answer of the order tier left exactly one row in order_access"
    return Book("effects", once, (*sorted(missing), *doubled, *stray))
