"""What the share that reaches the big model means against the largest public quota."""

from dataclasses import asdict, dataclass
from typing import Any

from devkit.report.bootstrap import Estimate
from playbook.model import ModelList
from playbook.price import PriceList
from playbook.reference import Reference
from playbook.use_case import Size

SECONDS = 60


@dataclass(frozen=True)
class Quota:
    """Turns a second at the big model, for `sessions` at once and a turn a minute each.

    `story_per_s` is at the reference case's share, `allowed_per_s` the quota of models.yaml.
    """

    sessions: int
    model: str
    share: float
    story_share: float
    per_s: float
    low_per_s: float
    high_per_s: float
    story_per_s: float
    allowed_per_s: float

    @classmethod
    def of(
        cls, share: Estimate, reference: Reference, models: ModelList, prices: PriceList
    ) -> "Quota":
        """Of a router's share of turns that reach the big model."""
        model, turns = prices.chosen[Size.BIG], reference.concurrent_sessions / SECONDS
        value, low, high = (part or 0.0 for part in (share.value, share.low, share.high))
        return cls(
            sessions=reference.concurrent_sessions,
            model=model,
            share=value,
            story_share=round(reference.big_turns_per_second / turns, 4),
            per_s=round(value * turns, 1),
            low_per_s=round(low * turns, 1),
            high_per_s=round(high * turns, 1),
            story_per_s=round(reference.big_turns_per_second, 1),
            allowed_per_s=round(models.models[model].requests_per_minute / SECONDS, 1),
        )

    @property
    def fits(self) -> bool:
        """Whether the whole interval is under the quota."""
        return self.high_per_s <= self.allowed_per_s

    @property
    def figures(self) -> dict[str, Any]:
        """For evidence."""
        return asdict(self) | {"fits": self.fits}

    def __str__(self) -> str:
        if self.fits:
            verdict = "It fits."
        elif self.per_s <= self.allowed_per_s:
            verdict = "It fits, but the interval reaches beyond."
        else:
            verdict = "It does not fit: the share must come down, or quota be bought."
        return (
            f"{self.share:.1%} of these turns reach the big model. {self.sessions:,} sessions at a "
            f"turn a minute would ask it {self.per_s:.0f} times a second ({self.low_per_s:.0f} to "
            f"{self.high_per_s:.0f}); the reference case's {self.story_share:.0%} would ask "
            f"{self.story_per_s:.0f} times; the largest public quota of {self.model} allows "
            f"{self.allowed_per_s:.0f}. {verdict}"
        )
