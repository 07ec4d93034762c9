"""An event loop with a clock of its own: a pause costs no time, and a busy machine costs none."""

import asyncio
import selectors


class _Skipping(selectors.DefaultSelector):
    """Counts the seconds that it was asked to wait, instead of waiting."""

    passed_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready now. Without a timeout it waits: for a thread, or for ever."""
        if not timeout or timeout < 0:
            return super().select(timeout)
        ready = super().select(0)
        if not ready:
            self.passed_s += timeout
        return ready


class OwnTime(asyncio.SelectorEventLoop):
    """Its time stands while anything is to be done, and is then that of the next timer.

    So what a test measures by it are the pauses that the code takes, to the millisecond. It is for
    code that waits by this loop alone: no sockets, no threads, no time of the system's clock.
    """

    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self._skipping.passed_s
