"""How fast one frontend may speak: a token bucket each, filled at its registered rate."""

import time
from collections.abc import Callable

LimitOf = Callable[[str], float | None]
"""A frontend's registered turns a second, or None where it has no limit."""

BURST_S = 2.0
"""A bucket holds what comes in two seconds, so that a burst of a page's customers passes."""


class Throttle:
    """Counts turns by frontend. Each worker counts what it sees: N replicas let N times pass."""

    def __init__(self, limit_of: LimitOf, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit_of = limit_of
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, frontend: str) -> bool:
        """Whether this turn is within the frontend's rate. Only registered names may come here."""
        limit = self._limit_of(frontend)
        if limit is None:
            return True
        most, now = max(limit * BURST_S, 1.0), self._clock()
        level, seen = self._buckets.get(frontend, (most, now))
        level = min(most, level + (now - seen) * limit)
        passes = level >= 1
        self._buckets[frontend] = (level - passes, now)
        return passes
