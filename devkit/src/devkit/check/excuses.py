"""Which replies may depart from what was expected, because a fault took away what they need."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from devkit.check.account import Entry, Healed, Injected
from events.reply import Reply

BEFORE_MS = 20_000
"""A turn asked so long before a fault may still have been under way: the turn's deadline."""

AFTER_MS = 10_000
"""After a fault is healed breakers close, leases run out, entries of `chat.control` expire."""


@dataclass(frozen=True)
class Excuse:
    """From when until when a fault excuses replies with one of these marks."""

    marks: frozenset[str]
    from_ms: float
    until_ms: float

    def covers(self, reply: Reply) -> bool:
        """Whether it excuses this reply."""
        return self.from_ms <= reply.asked_at <= self.until_ms and bool(
            self.marks & marks_of(reply)
        )


def marks_of(reply: Reply) -> frozenset[str]:
    """What was away while a turn was decided and answered: `model` for `model:sonnet-5-5`."""
    overlays = reply.decision.overlays if reply.decision else ()
    return frozenset(mark.partition(":")[0] for mark in (*reply.degraded, *overlays))


class Excuses:
    """The excuses of one run."""

    def __init__(self, history: Sequence[Entry]) -> None:
        faults = (entry for entry in history if isinstance(entry, Injected) and entry.takes)
        self._excuses = tuple(_excuse(fault, history) for fault in faults)

    def __call__(self, reply: Reply) -> bool:
        """Whether a fault excuses that this reply is not what was expected."""
        return any(excuse.covers(reply) for excuse in self._excuses)


def _excuse(fault: Injected, history: Iterable[Entry]) -> Excuse:
    healed = [
        entry.at_ms
        for entry in history
        if isinstance(entry, Healed) and entry.fault == fault.fault and entry.at_ms >= fault.at_ms
    ]
    until = min(healed) + AFTER_MS if healed else float("inf")
    return Excuse(frozenset(fault.takes), fault.at_ms - BEFORE_MS, until)
