"""The broker's clock, estimated from its time stamps: no worker's wall clock is trusted."""

import time
from collections.abc import Callable

WINDOW_S = 60.0


class BrokerClock:
    """The largest difference seen between a broker's stamp and the local monotonic clock.

    A stamp is never younger than its arrival, so each sample bounds the broker's time from below,
    and an acknowledgement is exact to its latency. Two windows of a minute forget old samples: a
    step of the broker's clock is followed.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._window_start = monotonic()
        self._now: float | None = None
        self._before: float | None = None

    def saw(self, timestamp_ms: int) -> None:
        """Take a sample: the stamp of a record just polled or of a message just acknowledged."""
        if timestamp_ms <= 0:
            return
        now = self._monotonic()
        if now - self._window_start > WINDOW_S:
            self._before, self._now, self._window_start = self._now, None, now
        sample = timestamp_ms / 1000 - now
        self._now = sample if self._now is None else max(self._now, sample)

    def now_ms(self) -> int | None:
        """The broker's time in milliseconds, None before the first sample."""
        samples = [s for s in (self._now, self._before) if s is not None]
        return int((self._monotonic() + max(samples)) * 1000) if samples else None

    def age_s(self, timestamp_ms: int) -> float:
        """How old a stamp is in seconds, never below 0; 0 before the first sample."""
        now_ms = self.now_ms()
        return 0.0 if now_ms is None else max((now_ms - timestamp_ms) / 1000, 0.0)
