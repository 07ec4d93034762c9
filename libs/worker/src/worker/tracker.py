"""Which offset of a partition may be committed: the lowest below which all work is finished."""

from collections import deque


class Tracker:
    """The offsets of one partition during one ownership of it.

    A new ownership gets a new tracker, so that work of an earlier one moves nothing. Gaps between
    offsets are normal.
    """

    def __init__(self) -> None:
        self._open: deque[int] = deque()
        self._finished: set[int] = set()
        self._mark: int | None = None

    def delivered(self, offset: int) -> None:
        """The record at this offset was handed out. Offsets come in rising order."""
        self._open.append(offset)

    def finished(self, offset: int) -> None:
        """The work on this offset is done: its outcome is published."""
        self._finished.add(offset)
        while self._open and self._open[0] in self._finished:
            self._mark = self._open.popleft() + 1
            self._finished.discard(self._mark - 1)

    @property
    def mark(self) -> int | None:
        """The next offset to read after a restart, or None while nothing is finished."""
        return self._mark

    @property
    def in_flight(self) -> int:
        """Offsets handed out above the mark."""
        return len(self._open)
