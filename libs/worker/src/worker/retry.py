"""What a failure leads to, as a value: one pure function decides, `worker.step` carries out."""

from dataclasses import dataclass

from events.reply import Status
from worker.handler import Rejected, Unavailable

FIRST_PAUSE_S = 0.05


@dataclass(frozen=True)
class Limits:
    """`patience_s`: how long a dependency may be away. `deadline_s`: the age that ends all work."""

    patience_s: float = 0.8
    deadline_s: float = 20.0


class Late(Exception):
    """The turn's deadline passed before it was answered."""


@dataclass(frozen=True)
class Again:
    """Call the handler once more after a pause."""

    after_s: float


@dataclass(frozen=True)
class FallBack:
    """Send the route's fallback, or an apology; `degraded` names what was away."""

    reason: str
    degraded: str


@dataclass(frozen=True)
class Bury:
    """Dead-letter the record and end the turn with an apology of this status."""

    reason: str
    status: Status


Verdict = Again | FallBack | Bury


def decide(failure: Exception, *, attempt: int, waited_s: float, limits: Limits) -> Verdict:
    """The consequence of a failure of the `attempt`-th call (from 1), `waited_s` after the 1st."""
    match failure:
        case Rejected():
            return Bury(failure.reason, Status.REFUSED)
        case Late():
            return FallBack("late", "deadline")
        case Unavailable():
            pause = FIRST_PAUSE_S * 2 ** (attempt - 1)
            if waited_s + pause < limits.patience_s:
                return Again(pause)
            return FallBack("unavailable", failure.dependency)
        case _:
            return Bury("bug", Status.FAILED)
