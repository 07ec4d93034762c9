"""What each tier would cost: its price, and what its mistakes cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from devkit.rubric.assumed import TIERS, Assumed
from devkit.rubric.serve import Flags
from events.tier import Tier
from playbook.price import PriceList

ROUNDING = 1e-9
"""0.05 and 1 - (1 - 0.05) are the same share."""


@dataclass(frozen=True)
class Offer:
    """One tier. `wrong` of `judged` held-out answers were wrong, its model's own slips aside.

    `p_wrong` adds the slips, and half a mistake for those not seen (Jeffreys). `expected_usd` is
    price + p_wrong × harm of a turn.
    """

    tier: Tier
    price_usd: float
    wrong: int
    judged: int
    slip: float
    p_wrong: float
    expected_usd: float

    @property
    def measured(self) -> float:
        """The share of wrong answers as counted, slips added."""
        return with_slip(self.wrong / self.judged, self.slip)


def with_slip(share: float, slip: float) -> float:
    """Wrong because the facts are not there, or else because the model errs."""
    return 1 - (1 - share) * (1 - slip)


def offers(
    wrong: Mapping[Tier, Flags], harm_usd: float, assumed: Assumed, prices: PriceList
) -> tuple[Offer, ...]:
    """Every tier, from the cheapest to the dearest."""
    made = []
    for tier in TIERS:
        count, total = int(wrong[tier].sum()), len(wrong[tier])
        slip, price = assumed.slip(tier), assumed.price_usd(tier, prices)
        p_wrong = with_slip((count + 0.5) / (total + 1), slip)
        expected = price + p_wrong * harm_usd
        made.append(Offer(tier, price, count, total, slip, p_wrong, expected))
    return tuple(made)


def chosen(every: Sequence[Offer]) -> Offer:
    """The lowest expected cost; at equal cost the simpler tier."""
    return min(every, key=lambda one: (round(one.expected_usd, 9), TIERS.index(one.tier)))


def cheapest_that_passes(every: Sequence[Offer], target: float) -> Offer | None:
    """The lowest price among those that err no oftener than tolerated, as counted."""
    passing = [one for one in every if one.measured <= target + ROUNDING]
    return min(passing, key=lambda one: (one.price_usd, TIERS.index(one.tier)), default=None)


def turning_points(every: Sequence[Offer], harm_usd: float) -> list[str]:
    """What would make another tier the choice: the harm at which its expected cost is equal."""
    best = chosen(every)
    return [_turn(best, one, harm_usd) for one in every if one is not best]


def _turn(best: Offer, other: Offer, harm_usd: float) -> str:
    gain = best.p_wrong - other.p_wrong
    dearer = other.price_usd - best.price_usd
    if gain > 0 and dearer > 0:
        return f"{other.tier}: from a harm of ${dearer / gain:.2f} on (now ${harm_usd:.2f})"
    if gain < 0 and dearer < 0:
        return f"{other.tier}: below a harm of ${dearer / gain:.2f} (now ${harm_usd:.2f})"
    most = (best.expected_usd - other.price_usd) / harm_usd if harm_usd else 0.0
    if most <= 0:
        return f"{other.tier}: at no rate of mistakes; its price alone is above the choice's cost"
    return f"{other.tier}: if it erred in {most:.1%} or less (now {other.p_wrong:.1%})"
