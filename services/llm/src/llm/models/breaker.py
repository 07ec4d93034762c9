"""Leaves a model alone that keeps failing. Pure: the time is passed in, in seconds."""

from collections import deque
from enum import StrEnum

from llm.models.failure import EXHAUSTED, Kind
from playbook.model import BreakerSpec


class State(StrEnum):
    """Closed lets all calls through, half-open one, open none."""

    CLOSED = "closed"
    HALF_OPEN = "half_open"
    OPEN = "open"


class Breaker:
    """Counts failures of one model: so many within so many seconds open it."""

    def __init__(self, spec: BreakerSpec) -> None:
        self._spec = spec
        self._failures: deque[float] = deque()
        self._open_until: float | None = None
        self._probe_since: float | None = None

    def state(self, now: float) -> State:
        """Half-open from the end of the pause until a call has told."""
        if self._open_until is None:
            return State.CLOSED
        return State.OPEN if now < self._open_until else State.HALF_OPEN

    def admits(self, now: float) -> bool:
        """Whether a call may be made now; half-open, the first that asks is the probe."""
        match self.state(now):
            case State.CLOSED:
                return True
            case State.OPEN:
                return False
        probing = self._probe_since is not None and now - self._probe_since < self._spec.open_s
        if not probing:
            self._probe_since = now
        return not probing

    def succeeded(self) -> None:
        """A whole answer came. One from before the pause ends no pause."""
        if self._open_until is None or self._probe_since is not None:
            self._failures.clear()
            self._open_until = self._probe_since = None

    def failed(self, kind: Kind, now: float) -> None:
        """A call failed. What the model declines is no failure of it."""
        if kind is Kind.DECLINED:
            self.succeeded()
        elif kind in EXHAUSTED:
            self._open(now + self._spec.long_open_s)
        elif self._probe_since is not None:
            self._open(now + self._spec.open_s)
        else:
            self._count(now)

    def unused(self) -> None:
        """The call was not made, or cut by us: it tells nothing, and another may probe."""
        self._probe_since = None

    def _count(self, now: float) -> None:
        self._failures.append(now)
        while self._failures and now - self._failures[0] > self._spec.within_s:
            self._failures.popleft()
        if len(self._failures) >= self._spec.failures:
            self._open(now + self._spec.open_s)

    def _open(self, until: float) -> None:
        self._open_until = max(until, self._open_until or until)
        self._probe_since = None
        self._failures.clear()
