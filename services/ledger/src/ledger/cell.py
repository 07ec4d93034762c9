"""What is added up for turns of one kind in one window. Pure."""

from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate

from ledger.book import Entry

BOUNDS_MS = (
    5, 10, 20, 30, 40, 50, 60, 80, 100, 120, 150, 200, 300, 400, 500, 600, 700, 800, 900, 1000,
    1100, 1200, 1300, 1400, 1500, 1700, 2000, 2500, 3000, 4000, 5000, 7500, 10_000, 15_000, 20_000,
)  # fmt: skip
"""Upper bounds of the latency buckets; the targets 120, 900, 1,200, 1,400 and 1,500 are among them.
What is above the last stands in a bucket of its own."""

EMPTY = (0,) * (len(BOUNDS_MS) + 1)


@dataclass(frozen=True, slots=True)
class Cell:
    """Turns, how many of them a simulated model answered, their cost in USD, and their latencies by
    bucket."""

    turns: int = 0
    simulated: int = 0
    cost_usd: float = 0.0
    latencies: tuple[int, ...] = EMPTY

    def __add__(self, other: "Cell") -> "Cell":
        return Cell(
            self.turns + other.turns,
            self.simulated + other.simulated,
            self.cost_usd + other.cost_usd,
            tuple(map(int.__add__, self.latencies, other.latencies)),
        )

    def quantile_ms(self, q: float) -> float | None:
        """About the latency that a share `q` of the turns did not exceed, None without a turn.

        Between a bucket's bounds it is taken to be spread evenly; above the last bound, that bound.
        """
        if not self.turns:
            return None
        wanted = q * self.turns
        below = list(accumulate(self.latencies))
        at = bisect_left(below, wanted)
        if at >= len(BOUNDS_MS):
            return float(BOUNDS_MS[-1])
        low = BOUNDS_MS[at - 1] if at else 0
        before = below[at - 1] if at else 0
        return low + (BOUNDS_MS[at] - low) * (wanted - before) / self.latencies[at]


def cell_of(entry: Entry) -> Cell:
    """A turn alone."""
    return Cell(
        turns=1,
        simulated=int(entry.simulated),
        cost_usd=float(entry.spent.cost_usd),
        latencies=bucketed({bucket_of(entry.latency_ms): 1}),
    )


def bucket_of(latency_ms: float) -> int:
    """The place of the bucket that a latency falls into."""
    return bisect_left(BOUNDS_MS, latency_ms)


def bucketed(counts: dict[int, int]) -> tuple[int, ...]:
    """Turns by bucket, of counts by a bucket's place."""
    return tuple(counts.get(at, 0) for at in range(len(EMPTY)))
