"""The figures of the reference case: what one's own are shown beside. They decide nothing."""

from typing import Self

from pydantic import Field, model_validator

from events.tier import Tier
from playbook.source import Entry


class TierFigures(Entry):
    """One tier's share of all turns, its cost a turn in USD, its P99 in ms where it is told."""

    share: float = Field(ge=0, le=1)
    cost_usd: float = Field(ge=0)
    p99_ms: float | None = Field(default=None, gt=0)


class Reference(Entry):
    """reference.yaml. Costs in USD, latencies in milliseconds, shares of one."""

    source: str = Field(min_length=1)
    cost_per_session_usd: float = Field(gt=0)
    cost_per_session_all_big_usd: float = Field(gt=0)
    budget_per_session_usd: float = Field(gt=0)
    p99_ms: float = Field(gt=0)
    target_p99_ms: float = Field(gt=0)
    tiers: dict[Tier, TierFigures]
    share_without_model: float = Field(ge=0, le=1)
    sessions_per_month: int = Field(gt=0)
    concurrent_sessions: int = Field(gt=0)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if missing := set(Tier) - self.tiers.keys():
            raise ValueError(f"tiers.{min(missing)} is missing")
        if abs(sum(one.share for one in self.tiers.values()) - 1) > 0.001:
            raise ValueError("the shares of the tiers must add up to 1")
        return self

    @property
    def cost_per_turn_usd(self) -> float:
        """Of an average turn, by its own mix and prices."""
        return sum(one.share * one.cost_usd for one in self.tiers.values())

    @property
    def big_turns_per_second(self) -> float:
        """Turns that reach the big model in a second, at a turn a minute and session."""
        return self.tiers[Tier.LLM].share * self.concurrent_sessions / 60

    @property
    def saving_per_month_usd(self) -> float:
        """Against a system where every turn goes to the big model."""
        saved = self.cost_per_session_all_big_usd - self.cost_per_session_usd
        return saved * self.sessions_per_month
