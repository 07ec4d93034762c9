"""How fast the system went on: standstills of consumer groups, recovery after faults."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

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

    `slowest_ms` is the longest that a turn sent around the fault was without an answer while the
    fault lasted, `within_ms` how long it may be.
    """

    fault: int
    what: str
    before_ms: float
    slowest_ms: float
    seconds: float | None
    within_ms: float | None = None

    @property
    def in_time(self) -> bool:
        """Whether every turn was answered within the time the fault allows."""
        return self.within_ms is None or self.slowest_ms <= self.within_ms


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


def latencies(
    sends: Mapping[tuple[str, str], int], egress: Iterable[Seen]
) -> list[tuple[int, float]]:
    """When each answered turn was first sent, and how long its first reply took, in milliseconds.

    A reply's time is the broker's time stamp in `chat.egress`, a turn's the driver's clock: both
    run on one machine.
    """
    first: dict[tuple[str, str], int] = {}
    for seen in egress:
        if seen.reply:
            key = (seen.reply.session_id, seen.reply.turn_id)
            first[key] = min(seen.timestamp_ms, first.get(key, seen.timestamp_ms))
    pairs = ((sends[key], float(at - sends[key])) for key, at in first.items() if key in sends)
    return sorted(pairs)


def _windows(taken: Sequence[tuple[int, float]], start: int, end: int) -> list[tuple[int, float]]:
    """P95 of the turns sent in each window from `start`: (start of the window, P95)."""
    found = []
    for at in range(start, end, STEP_MS):
        inside = [took for sent, took in taken if at <= sent < min(at + WINDOW_MS, end)]
        if inside:
            found.append((at, percentile(inside, 0.95)))
    return found


def _recovery(
    fault: Injected, taken: Sequence[tuple[int, float]], end: int, before: float
) -> Recovery:
    limit = max(before * NORMAL, before + FLOOR_MS)
    windows = _windows(taken, fault.at_ms, end)
    bad = [at for at, p95 in windows if p95 > limit]
    good = [at for at, p95 in windows if p95 <= limit and bad and at > bad[0]]
    seconds = (good[0] - fault.at_ms) / 1000 if good else None
    around = (
        took - max(0, fault.at_ms - sent)
        for sent, took in taken
        if fault.at_ms - CLOSE_MS <= sent < end
    )
    within = fault.within_s * 1000 if fault.within_s else None
    return Recovery(
        fault.fault,
        fault.what,
        before,
        slowest_ms=max(around, default=0.0),
        seconds=seconds if bad else 0.0,
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
    before = percentile([took for sent, took in taken if sent < ordered[0].at_ms], 0.95)
    # What was sent just before a fault meets that fault.
    ends = [later.at_ms - CLOSE_MS for _, later in pairwise(ordered)] + [taken[-1][0] + 1]
    return tuple(
        _recovery(fault, taken, end, before) for fault, end in zip(ordered, ends, strict=True)
    )
