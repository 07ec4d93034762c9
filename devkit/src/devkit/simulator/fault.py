"""Faults that an operator puts on the simulator."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from devkit.simulator.model import Model
from devkit.simulator.refusal import OVERLOADED, Refusal


class Kind(StrEnum):
    """What can go wrong: answers with an error, silences, breaks, slowness."""

    RATE_SHORT = "rate_short"
    RATE_LONG = "rate_long"
    SPEND_CAP = "spend_cap"
    OVERLOADED = "overloaded"
    ERROR500 = "error500"
    HANG_BEFORE_FIRST = "hang_before_first"
    STALL = "stall"
    RESET = "reset"
    BROKEN_OFF = "broken_off"
    EARLY_EOF = "early_eof"
    ERROR_EVENT = "error_event"
    SLOW = "slow"


class Fault(BaseModel):
    """One fault. It is used up after `count` calls or `seconds`; with neither it stays.

    `model` is the playbook's name or the provider's, None for all. `after` is how many pieces of
    text are written before a break; `factor` makes a call so many times slower; `retry_after_s`
    overrides the header of a 429.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    model: str | None = None
    count: int | None = Field(default=None, ge=1)
    seconds: float | None = Field(default=None, gt=0)
    after: int = Field(default=3, ge=0)
    factor: float = Field(default=4.0, gt=0)
    retry_after_s: int | None = Field(default=None, ge=0)

    def concerns(self, model: Model) -> bool:
        """Whether it is about this model."""
        return self.model in (None, model.name, model.spec.api_name)

    def refusal(self) -> Refusal | None:
        """The error that it answers with, or None where it strikes later."""
        match self.kind:
            case Kind.RATE_SHORT:
                return _rate(self.retry_after_s if self.retry_after_s is not None else 1)
            case Kind.RATE_LONG:
                return _rate(self.retry_after_s if self.retry_after_s is not None else 60)
            case Kind.SPEND_CAP:
                return Refusal(429, "rate_limit_error", SPENT, code=SPENT_CODE)
            case Kind.OVERLOADED:
                return Refusal(529, OVERLOADED["type"], OVERLOADED["message"])
            case Kind.ERROR500:
                return Refusal(500, "api_error", "Internal server error")
        return None


SPENT = "Your organization has reached its monthly spend limit; raise it, or buy more credit."
SPENT_CODE = "enforced_spend_limit_reached"


def _rate(retry_after_s: int) -> Refusal:
    message = "This request would exceed your organization's rate limit; please try again later."
    return Refusal(429, "rate_limit_error", message, {"retry-after": str(retry_after_s)})


class InForce(Fault):
    """A fault with what is left of it: calls, seconds; None where it stays."""

    left: int | None
    seconds_left: float | None


@dataclass
class Laid:
    """A fault in force: how many calls it still strikes, and until when."""

    fault: Fault
    left: int | None
    until: float | None


class Faults:
    """Those in force, in the order in which they were laid. `now` gives seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._laid: list[Laid] = []

    def lay(self, fault: Fault) -> None:
        """From now on."""
        until = self._now() + fault.seconds if fault.seconds else None
        self._laid.append(Laid(fault, fault.count, until))

    def take(self, model: Model) -> Fault | None:
        """The first that concerns a call of this model, counted as used."""
        for laid in self._live():
            if laid.fault.concerns(model):
                if laid.left is not None:
                    laid.left -= 1
                return laid.fault
        return None

    def in_force(self) -> list[InForce]:
        """Each fault with what is left of it."""
        return [self._told(laid) for laid in self._live()]

    def clear(self) -> None:
        """All is well again. Calls that hang already stay so until their client leaves."""
        self._laid.clear()

    def _told(self, laid: Laid) -> InForce:
        seconds = None if laid.until is None else laid.until - self._now()
        return InForce(**laid.fault.model_dump(), left=laid.left, seconds_left=seconds)

    def _live(self) -> list[Laid]:
        now = self._now()
        self._laid = [
            laid
            for laid in self._laid
            if laid.left != 0 and (laid.until is None or laid.until > now)
        ]
        return self._laid
