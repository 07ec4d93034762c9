"""How fast the system went on: standstills of consumer groups, recovery after faults."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from devkit.check.account import Injected, Sample, Seen

NORMAL = 1.5
FLOOR_MS = 20.0
WINDOW_MS = 2_000
STEP_MS = 500
CLOSE_MS = 1_000


@dataclass(frozen=True)
class Standstill:
    """A group that had lag and committed nothing for so long."""

    group: str
    seconds: float


@dataclass(frozen=True)
class Recovery:
    """How long P95 was off after a fault; `seconds` is None when it never came back.

    `slowest_ms` is the longest a turn sent around the fault took. `resumed_ms` is when the last
    lane (one tier in one partition) that stood still gave its first answer, counted from the
    fault; `within_ms` is how long that may take.
    """

    fault: int
    what: str
    before_ms: float
    slowest_ms: float
    seconds: float | None
    resumed_ms: float = 0.0
    within_ms: float | None = None

    @property
    def in_time(self) -> bool:
        """Whether every lane went on within the time the fault allows."""
        return self.within_ms is None or self.resumed_ms <= self.within_ms


class Taken(NamedTuple):
    """When a turn was first sent, how long its first reply took, and in which lane it was."""

    sent_ms: int
    took_ms: float
    lane: tuple[int, str | None]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie (nearest rank). 0 for no values."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _longest(samples: Sequence[Sample]) -> float:
    longest, since, committed = 0, samples[0].at_ms, samples[0].committed
    for sample in samples:
        if sample.lag == 0 or sample.committed != committed:
            since, committed = sample.at_ms, sample.committed
        longest = max(longest, sample.at_ms - since)
    return longest / 1000


def standstills(samples: Iterable[Sample], limit_s: float) -> list[Standstill]:
    """The groups that stood still with lag for longer than `limit_s`."""
    groups: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        groups[sample.group].append(sample)
    longest = {group: _longest(rows) for group, rows in groups.items()}
    return [Standstill(group, s) for group, s in sorted(longest.items()) if s > limit_s]


def latencies(sends: Mapping[tuple[str, str], int], egress: Iterable[Seen]) -> list[Taken]:
    """What each answered turn took, in the order of the sends.

    A reply's time is the broker's time stamp in `chat.egress`, a turn's the driver's clock: both
    run on one machine.
    """
    first: dict[tuple[str, str], tuple[int, tuple[int, str | None]]] = {}
    for seen in egress:
        if seen.reply:
            key = (seen.reply.session_id, seen.reply.turn_id)
            now = (seen.timestamp_ms, (seen.partition, seen.reply.tier))
            first[key] = min(now, first.get(key, now), key=lambda pair: pair[0])
    taken = (
        Taken(sends[key], float(at - sends[key]), lane)
        for key, (at, lane) in first.items()
        if key in sends
    )
    return sorted(taken, key=lambda one: one.sent_ms)


def _windows(taken: Sequence[Taken], start: int, end: int) -> list[tuple[int, float]]:
    """P95 of the turns sent in each window from `start`: (start of the window, P95)."""
    found = []
    for at in range(start, end, STEP_MS):
        last = min(at + WINDOW_MS, end)
        inside = [one.took_ms for one in taken if at <= one.sent_ms < last]
        if inside:
            found.append((at, percentile(inside, 0.95)))
    return found


def _back(fault: Injected, taken: Sequence[Taken], end: int, before: float) -> float | None:
    """Seconds until the first normal window after a slow one; 0 when none is slow."""
    limit = max(before * NORMAL, before + FLOOR_MS)
    windows = _windows(taken, fault.at_ms, end)
    slow = [at for at, p95 in windows if p95 > limit]
    if not slow:
        return 0.0
    normal = [at for at, p95 in windows if p95 <= limit and at > slow[0]]
    return (normal[0] - fault.at_ms) / 1000 if normal else None


def _resumed(fault: Injected, around: Iterable[Taken], within_ms: float) -> float:
    """When the last lane that stood still, for half the time allowed at least, went on."""
    first: dict[tuple[int, str | None], float] = {}
    for one in around:
        if one.took_ms >= within_ms / 2:
            at = one.sent_ms + one.took_ms - fault.at_ms
            first[one.lane] = min(at, first.get(one.lane, at))
    return max(first.values(), default=0.0)


def _recovery(fault: Injected, taken: Sequence[Taken], end: int, before: float) -> Recovery:
    around = [one for one in taken if fault.at_ms - CLOSE_MS <= one.sent_ms < end]
    within = fault.within_s * 1000 if fault.within_s is not None else None
    return Recovery(
        fault.fault,
        fault.what,
        before,
        slowest_ms=max((one.took_ms for one in around), default=0.0),
        seconds=_back(fault, taken, end, before),
        resumed_ms=_resumed(fault, around, within) if within is not None else 0.0,
        within_ms=within,
    )


def recoveries(
    sends: Mapping[tuple[str, str], int], egress: Iterable[Seen], faults: Sequence[Injected]
) -> tuple[Recovery, ...]:
    """The recovery after each fault, judged until the next one or the last turn.

    Back to normal means: P95 of the turns sent within two seconds is at most 1.5 times the P95
    of all turns sent before the first fault, or 20 ms above it where that is more.
    """
    taken = latencies(sends, egress)
    if not taken or not faults:
        return ()
    ordered = sorted(faults, key=lambda fault: fault.at_ms)
    before = percentile([one.took_ms for one in taken if one.sent_ms < ordered[0].at_ms], 0.95)
    # What was sent just before a fault meets that fault.
    ends = [later.at_ms - CLOSE_MS for _, later in pairwise(ordered)] + [taken[-1].sent_ms + 1]
    return tuple(
        _recovery(fault, taken, end, before) for fault, end in zip(ordered, ends, strict=True)
    )
