"""The books of a check run, as a pure function of what was written down.

A turn is *acked* when the broker acknowledged at least one of its sends, *answered* when
`chat.egress` holds a reply to it, and *accepted* is the reply that the reader's rule shows.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from devkit.check.account import (
    Acked,
    Complaint,
    Dead,
    Effect,
    Entry,
    Injected,
    Poisoned,
    Sample,
    Seen,
    Sending,
    Unsure,
)
from devkit.check.pace import Recovery, recoveries, standstills
from events.reader import Reader
from events.reply import Reply, Status
from events.tier import Tier
from events.topics import INGRESS

Key = tuple[str, str]

STANDSTILL_S = 15.0
CONFLICT = "turn_conflict"


@dataclass(frozen=True)
class Book:
    """One promise, and everything that breaks it. Balanced when nothing does."""

    name: str
    promise: str
    offenders: tuple[str, ...] = ()

    @property
    def balanced(self) -> bool:
        """Whether the promise was kept."""
        return not self.offenders


@dataclass(frozen=True)
class Books:
    """All books of a run, and the figures that are reported without being judged."""

    books: tuple[Book, ...]
    figures: dict[str, int] = field(default_factory=dict)
    recoveries: tuple[Recovery, ...] = ()

    @property
    def balanced(self) -> bool:
        """Whether every book is."""
        return all(book.balanced for book in self.books)

    def __getitem__(self, name: str) -> Book:
        return next(book for book in self.books if book.name == name)


@dataclass
class _Turn:
    """All sends of one turn id. The stored send with the lowest offset is the one that counts."""

    sends: list[Sending] = field(default_factory=list)
    acks: dict[int, Acked] = field(default_factory=dict)
    unsure: bool = False

    @property
    def stored(self) -> list[Sending]:
        """The acked sends in the order of the partition."""
        acked = [send for send in self.sends if send.send in self.acks]
        return sorted(acked, key=lambda send: self.acks[send.send].offset)

    @property
    def first(self) -> Sending:
        """The send that the reply must answer."""
        return (self.stored or self.sends)[0]

    @property
    def conflicts(self) -> list[Acked]:
        """The acknowledgements of sends with another text than the first."""
        return [self.acks[send.send] for send in self.stored if send.text != self.first.text]

    @property
    def certain(self) -> bool:
        """Whether it is known which text came first."""
        return not self.unsure or len({send.text for send in self.sends}) == 1


def _turns(history: Sequence[Entry]) -> dict[Key, _Turn]:
    turns: dict[Key, _Turn] = defaultdict(_Turn)
    by_send: dict[int, _Turn] = {}
    for entry in history:
        if isinstance(entry, Sending):
            turn = turns[entry.session_id, entry.turn_id]
            turn.sends.append(entry)
            by_send[entry.send] = turn
        elif isinstance(entry, Acked):
            by_send[entry.send].acks[entry.send] = entry
        elif isinstance(entry, Unsure):
            by_send[entry.send].unsure = True
    return dict(turns)


def _shown(egress: Sequence[Seen]) -> list[Reply]:
    """What readers of one partition each would show, in the order of the partitions."""
    readers: dict[int, Reader] = defaultdict(Reader)
    ordered = sorted(egress, key=lambda seen: (seen.partition, seen.offset))
    replies = [(seen.partition, seen.reply) for seen in ordered if seen.reply]
    return [reply for partition, reply in replies if readers[partition].reply(reply)]


def _name(key: Key) -> str:
    return f"{key[0]}/{key[1]}"


def _key(reply: Reply) -> Key:
    return reply.session_id, reply.turn_id


def _lost(turns: dict[Key, _Turn], shown: Sequence[Reply]) -> Book:
    answered = {_key(reply) for reply in shown}
    lost = [_name(key) for key, turn in turns.items() if turn.acks and key not in answered]
    return Book("lost", "every acked turn has a terminal reply", tuple(lost))


def _phantom(turns: dict[Key, _Turn], egress: Sequence[Seen]) -> Book:
    strangers = [_name(_key(s.reply)) for s in egress if s.reply and _key(s.reply) not in turns]
    broken = [f"egress {s.partition}@{s.offset}: {s.broken}" for s in egress if s.broken]
    unsaid = "every reply is a reply, and belongs to a turn that was sent"
    return Book("phantom", unsaid, (*strangers, *broken))


def _duplicate(shown: Sequence[Reply]) -> Book:
    counts = Counter(_key(reply) for reply in shown)
    twice = [f"{_name(key)} shown {count} times" for key, count in counts.items() if count > 1]
    return Book("duplicate", "after the reader's rule no turn is answered twice", tuple(twice))


def _order(shown: Sequence[Reply]) -> Book:
    last: dict[str, int] = {}
    wrong: list[str] = []
    for reply in shown:
        if reply.gap or reply.turn_no is None:
            continue
        if reply.turn_no <= last.get(reply.session_id, 0):
            wrong.append(f"{_name(_key(reply))}: {reply.turn_no} after {last[reply.session_id]}")
        last[reply.session_id] = reply.turn_no
    return Book("order", "a session's turns are answered in their order, gaps aside", tuple(wrong))


def _effects(shown: Sequence[Reply], effects: Iterable[Effect]) -> Book:
    rows = Counter((effect.session_id, effect.turn_id) for effect in effects)
    due = {_key(r) for r in shown if r.tier is Tier.ORDER and r.status is Status.COMPLETED}
    missing = [f"{_name(key)}: missing" for key in due if not rows[key]]
    doubled = [f"{_name(key)}: {count} times" for key, count in rows.items() if count > 1]
    answered = {_key(reply) for reply in shown}
    stray = [f"{_name(key)}: without an answer" for key in rows if key not in answered]
    once = "each answer of the order tier left exactly one row in order_access"
    return Book("effects", once, (*sorted(missing), *doubled, *stray))


def _departs(turn: _Turn, reply: Reply) -> str | None:
    """How a reply departs from what was expected of it; degraded answers may depart."""
    expected = turn.first.expected
    if reply.degraded or reply.gap or not turn.certain:
        return None
    wanted = {"status": expected.status, "use_case": expected.use_case, "tier": expected.tier}
    wanted["reason"] = expected.reason
    for name, value in wanted.items():
        if value is not None and getattr(reply, name) != value:
            return f"{name} is {getattr(reply, name)}, expected {value}"
    if expected.mentions and expected.mentions not in reply.text:
        return f"does not mention {expected.mentions}"
    return None


def _wrong(turns: dict[Key, _Turn], shown: Sequence[Reply]) -> Book:
    departures = ((_key(r), _departs(turns[_key(r)], r)) for r in shown if _key(r) in turns)
    wrong = [f"{_name(key)}: {how}" for key, how in departures if how]
    return Book("wrong", "each answer has the use case, tier and facts expected", tuple(wrong))


def _due_letters(
    turns: dict[Key, _Turn], history: Sequence[Entry]
) -> dict[tuple[int, int], tuple[str, ...]]:
    """The places in `chat.ingress` that must be dead-lettered, with the reasons allowed."""
    due: dict[tuple[int, int], tuple[str, ...]] = {}
    for turn in turns.values():
        due |= {(ack.partition, ack.offset): (CONFLICT,) for ack in turn.conflicts if turn.certain}
    for entry in history:
        if isinstance(entry, Poisoned) and entry.partition is not None and entry.offset is not None:
            due[entry.partition, entry.offset] = entry.reasons
    return due


def _dead_letters(turns: dict[Key, _Turn], history: Sequence[Entry], dead: Iterable[Dead]) -> Book:
    due = _due_letters(turns, history)
    found = {(d.topic, d.partition, d.offset, d.reason): d for d in dead}
    reasons: dict[tuple[int, int], list[str]] = defaultdict(list)
    wrong: list[str] = []
    for letter in found.values():
        if letter.topic != INGRESS or (letter.partition, letter.offset) not in due:
            where = f"{letter.topic} {letter.partition}@{letter.offset}"
            wrong.append(f"{where}: unexpected {letter.reason} ({letter.detail})")
        else:
            reasons[letter.partition, letter.offset].append(letter.reason)
    for place, allowed in due.items():
        if len(reasons[place]) != 1 or reasons[place][0] not in allowed:
            got = ", ".join(reasons[place]) or "none"
            wrong.append(f"{place[0]}@{place[1]}: {got}, expected one of {'/'.join(allowed)}")
    return Book(
        "dead letters", "each poison record has one dead letter, nothing else has", tuple(wrong)
    )


def _progress(samples: Sequence[Sample]) -> Book:
    still = [f"{s.group} for {s.seconds:.1f} s" for s in standstills(samples, STANDSTILL_S)]
    promise = f"no group with lag stands still over {STANDSTILL_S:.0f} s"
    return Book("progress", promise, tuple(still))


def _recovered(found: Sequence[Recovery]) -> Book:
    never = [f"fault {r.fault} ({r.what})" for r in found if r.seconds is None]
    return Book(
        "recovery", "after each fault P95 comes back to 1.5 times its value before", tuple(never)
    )


def _promises(history: Sequence[Entry]) -> Book:
    broken = [f"fault {e.fault}: {e.what}" for e in history if isinstance(e, Complaint)]
    return Book("faults", "each fault's own promise was kept while it was injected", tuple(broken))


def _figures(
    turns: dict[Key, _Turn], egress: Sequence[Seen], shown: Sequence[Reply], dead: Sequence[Dead]
) -> dict[str, int]:
    replies = [seen.reply for seen in egress if seen.reply]
    statuses = Counter(f"status {reply.status.value}" for reply in shown)
    letters = {(d.topic, d.partition, d.offset, d.reason) for d in dead}
    return {
        "turns sent": len(turns),
        "turns acked": sum(bool(turn.acks) for turn in turns.values()),
        "sends without an answer of the broker": sum(turn.unsure for turn in turns.values()),
        "replies accepted": len(shown),
        "raw duplicates": len(replies) - len({_key(reply) for reply in replies}),
        "turns marked gap": sum(reply.gap for reply in shown),
        "answers degraded": sum(bool(reply.degraded) for reply in shown),
        "dead letters": len(letters),
        "raw duplicates of dead letters": len(dead) - len(letters),
        **dict(sorted(statuses.items())),
    }


def balance(
    history: Sequence[Entry],
    egress: Sequence[Seen],
    effects: Sequence[Effect] = (),
    dead: Sequence[Dead] = (),
    samples: Sequence[Sample] = (),
) -> Books:
    """Balance the books of one run.

    `history` in the order written, `egress` and `dead` from the beginning of their topics,
    `effects` the rows of `order_access`, `samples` in the order of time. Pure.
    """
    turns, shown = _turns(history), _shown(egress)
    faults = [entry for entry in history if isinstance(entry, Injected)]
    sends = {key: turn.sends[0].at_ms for key, turn in turns.items()}
    recovered = recoveries(sends, egress, faults)
    books = (
        _lost(turns, shown),
        _phantom(turns, egress),
        _duplicate(shown),
        _order(shown),
        _effects(shown, effects),
        _wrong(turns, shown),
        _dead_letters(turns, history, dead),
        _promises(history),
        _progress(samples),
        _recovered(recovered),
    )
    return Books(books, _figures(turns, egress, shown, dead), recovered)
