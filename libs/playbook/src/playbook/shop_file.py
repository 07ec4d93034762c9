"""The model of shop.yaml: what holds for the whole shop."""

from typing import Any

from pydantic import Field, field_validator

from events.tier import Tier
from playbook.slot import Slot
from playbook.source import Entry

REASONS = (
    "bad_envelope",
    "bug",
    "late",
    "lost_context",
    "rejected",
    "throttled",
    "too_long",
    "unavailable",
)


class ShopFile(Entry):
    """shop.yaml. `facts` and `contact` are what templates, policies and apologies may name.

    `risk_usd` is what a cheap answer may cost in expectation by being wrong.

    Of `slots` and `phrases` rules are built: a slot is captured, a phrase is not.
    """

    name: str = Field(min_length=1)
    language: str = Field(pattern=r"^[a-z]{2}$")
    closed_tiers: frozenset[Tier] = frozenset()
    risk_usd: float = Field(gt=0)
    contact: dict[str, str]
    facts: dict[str, Any] = Field(default_factory=dict)
    slots: dict[str, Slot] = Field(default_factory=dict)
    phrases: dict[str, str] = Field(default_factory=dict)
    apologies: dict[str, str]

    @field_validator("apologies")
    @classmethod
    def _complete(cls, apologies: dict[str, str]) -> dict[str, str]:
        missing = [reason for reason in REASONS if not apologies.get(reason, "").strip()]
        if missing:
            raise ValueError(f"no text for {', '.join(missing)}")
        return apologies
