"""The books of a check run, as a pure function of what was written down.

A turn is *acked* when the broker acknowledged at least one of its sends, *answered* when
`chat.egress` holds a reply to it, and *accepted* is the reply that the reader's rule shows.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from devkit.check.account import Complaint, Dead, Effect, Entry, Injected, Sample, Seen
from devkit.check.answers import duplicate, effects_once, lost, order, phantom, wrong
from devkit.check.book import Book
from devkit.check.letters import dead_letters
from devkit.check.pace import Recovery, recoveries, standstills
from devkit.check.turns import Key, Turn, key_of, shown, turns_of
from events.reply import Reply

STANDSTILL_S = 15.0
GROUPS = ("classifier", "template", "order")


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


def _progress(samples: Sequence[Sample] | None) -> Book:
    promise = f"no group with lag stands still over {STANDSTILL_S:.0f} s"
    if samples is None:
        return Book("progress", promise)
    still = [f"{s.group} for {s.seconds:.1f} s" for s in standstills(samples, STANDSTILL_S)]
    # A watcher that sees nothing must not pass for a group that never stood still.
    moved = {sample.group for sample in samples if sample.committed}
    blind = [f"{group} was not seen to commit anything" for group in GROUPS if group not in moved]
    return Book("progress", promise, (*still, *blind))


def _recovered(found: Sequence[Recovery]) -> Book:
    never = [f"fault {r.fault} ({r.what})" for r in found if r.seconds is None]
    return Book(
        "recovery", "after each fault P95 comes back to 1.5 times its value before", tuple(never)
    )


def _promises(history: Sequence[Entry], found: Sequence[Recovery]) -> Book:
    broken = [f"fault {e.fault}: {e.what}" for e in history if isinstance(e, Complaint)]
    late = [
        f"fault {r.fault}: went on after {r.resumed_ms:.0f} ms, allowed are {r.within_ms:.0f}"
        for r in found
        if not r.in_time
    ]
    return Book("faults", "each fault's own promise was kept", (*broken, *late))


def _figures(
    turns: Mapping[Key, Turn],
    egress: Sequence[Seen],
    accepted: Sequence[Reply],
    dead: Sequence[Dead],
) -> dict[str, int]:
    replies = [seen.reply for seen in egress if seen.reply]
    statuses = Counter(f"status {reply.status.value}" for reply in accepted)
    letters = {(d.topic, d.partition, d.offset, d.reason) for d in dead}
    return {
        "turns sent": len(turns),
        "turns acked": sum(bool(turn.acks) for turn in turns.values()),
        "sends without an answer of the broker": sum(turn.unsure for turn in turns.values()),
        "replies accepted": len(accepted),
        "raw duplicates": len(replies) - len({key_of(reply) for reply in replies}),
        "turns marked gap": sum(reply.gap for reply in accepted),
        "answers degraded": sum(bool(reply.degraded) for reply in accepted),
        "dead letters": len(letters),
        "raw duplicates of dead letters": len(dead) - len(letters),
        **dict(sorted(statuses.items())),
    }


def balance(
    history: Sequence[Entry],
    egress: Sequence[Seen],
    effects: Sequence[Effect] = (),
    dead: Sequence[Dead] = (),
    samples: Sequence[Sample] | None = None,
) -> Books:
    """Balance the books of one run.

    `history` in the order written, `egress` and `dead` from the beginning of their topics,
    `effects` the rows of `order_access`, `samples` in the order of time (None: nobody looked, and
    progress is not judged). Pure.
    """
    turns, accepted = turns_of(history), shown(egress)
    faults = [entry for entry in history if isinstance(entry, Injected)]
    sends = {key: turn.sends[0].at_ms for key, turn in turns.items()}
    recovered = recoveries(sends, egress, faults)
    books = (
        lost(turns, accepted),
        phantom(turns, egress),
        duplicate(accepted),
        order(accepted),
        effects_once(accepted, effects),
        wrong(turns, accepted),
        dead_letters(turns, history, dead),
        _promises(history, recovered),
        _progress(samples),
        _recovered(recovered),
    )
    return Books(books, _figures(turns, egress, accepted, dead), recovered)
