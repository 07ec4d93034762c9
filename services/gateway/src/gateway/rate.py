"""How fast one session may send: a token bucket each, in a bounded table."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from gateway.settings import Rate

MAX_SESSIONS = 50_000


class Rates:
    """Token buckets by session. Forgets the longest unused one beyond 50,000."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, session_id: str) -> float:
        """Take one token. 0 when there was one, else the seconds until there is."""
        now = self._clock()
        level, seen = self._buckets.pop(session_id, (float(self._rate.burst), now))
        level = min(self._rate.burst, level + (now - seen) * self._rate.per_s)
        wait = 0.0 if level >= 1 else (1 - level) / self._rate.per_s
        self._buckets[session_id] = (level if wait else level - 1, now)
        if len(self._buckets) > MAX_SESSIONS:
            self._buckets.popitem(last=False)
        return wait


def whole_seconds(wait_s: float) -> int:
    """Seconds for `Retry-After`: rounded up, at least 1."""
    return max(1, math.ceil(wait_s))
