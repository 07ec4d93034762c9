"""What the shop decides about returns: how long, for which reasons, and how customers say so."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, Field, field_validator

from playbook.error import PlaybookError
from playbook.source import Entry, read_model


class Wording(Entry):
    """One thing a customer may choose: `label` is what is shown, `says` how it is said freely.

    `says` is a regular expression, compared in lower case; without one only the label is offered.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    label: str = Field(min_length=1)
    says: str | None = None

    @field_validator("says")
    @classmethod
    def _compiles(cls, says: str | None) -> str | None:
        try:
            re.compile(says or "")
        except re.error as error:
            raise ValueError(f"is no regular expression ({error})") from error
        return says

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """The expression, ready to search."""
        return re.compile(self.says) if self.says else None


class Reason(Wording):
    """Why a book comes back. A `damaged` one stays with the customer, who sends a photo."""

    id: str = Field(pattern=r"^[a-z_]+$")
    damaged: bool = False


class Windows(Entry):
    """The facts of shop.yaml that say how many days after the delivery a return may be opened."""

    any_reason: str
    damaged: str


class ReturnsFile(Entry):
    """returns.yaml. The last reason is the one for everything else."""

    windows: Windows
    reasons: tuple[Reason, ...] = Field(min_length=1)
    refund: Wording
    exchange: Wording

    @field_validator("reasons")
    @classmethod
    def _each_once(cls, reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
        if len({reason.id for reason in reasons}) < len(reasons):
            raise ValueError("a reason stands there twice")
        return reasons


@dataclass(frozen=True)
class Returns:
    """The file with its windows looked up: days after the delivery, the last one counted."""

    any_reason_days: int
    damaged_days: int
    reasons: tuple[Reason, ...]
    refund: Wording
    exchange: Wording

    def reason(self, reason_id: str | None) -> Reason | None:
        """The reason of this id."""
        return next((reason for reason in self.reasons if reason.id == reason_id), None)


def read_returns(file: Path, facts: Mapping[str, Any]) -> Returns:
    """The shop's word on returns. Raises PlaybookError, also for a window that is no fact."""
    written = read_model(file, ReturnsFile)
    return Returns(
        any_reason_days=_days(file, "any_reason", written.windows.any_reason, facts),
        damaged_days=_days(file, "damaged", written.windows.damaged, facts),
        reasons=written.reasons,
        refund=written.refund,
        exchange=written.exchange,
    )


def _days(file: Path, field: str, fact: str, facts: Mapping[str, Any]) -> int:
    days = facts.get(fact)
    if not isinstance(days, int) or days < 0:
        remedy = f"names {fact}, which is no whole number in the facts of shop.yaml; add it there"
        raise PlaybookError(file, f"windows.{field}", remedy)
    return days
