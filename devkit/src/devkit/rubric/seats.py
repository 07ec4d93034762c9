"""Five seats, each with one veto that is measured and says what would lift it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from devkit.rubric.assumed import Assumed
from devkit.rubric.example import Example
from devkit.rubric.separability import Separability
from devkit.rubric.value import Offer, with_slip
from devkit.rubric.volatility import Volatility
from devkit.training.bound import plain_z, wilson
from events.tier import Tier
from playbook.error import PlaybookError
from playbook.shop import Shop

MOST_TAKEN = 1 / 3
"""The share of new utterances that may look like one existing use case."""


@dataclass(frozen=True)
class Seat:
    """One seat's row: its veto, the figures, and what would lift it (empty where it agrees)."""

    name: str
    veto: str
    figures: str
    lift: str = ""

    @property
    def agrees(self) -> bool:
        """Whether it lets the proposal pass."""
        return not self.lift


def upper_bound(wrong: int, judged: int, slip: float, confidence: float) -> float:
    """Wilson's upper bound of the share of wrong answers, the model's assumed slips added."""
    share, count = np.array([1 - wrong / judged]), np.array([float(judged)])
    return with_slip(1 - float(wilson(share, count, plain_z(confidence))[0]), slip)


def needed(target: float, slip: float, wrong: int, assumed: Assumed) -> int | None:
    """How many examples bound the error below the target with so many wrong. None: no number."""
    if with_slip(0.0, slip) >= target:
        return None
    count = max(assumed.least_examples, wrong)
    while upper_bound(wrong, count, slip, assumed.confidence) > target:
        count += 1
    return count


def machine_learning(
    offer: Offer, target: float, separable: Separability, assumed: Assumed
) -> Seat:
    """The error bound, and that customers' words lead here at all."""
    bound = upper_bound(offer.wrong, offer.judged, offer.slip, assumed.confidence)
    near = separable.nearest
    figures = (
        f"{offer.wrong} of {offer.judged} wrong at {offer.tier}, bound {bound:.1%} of {target:.1%} "
        f"tolerated; AUROC {near.auroc:.3f} against {near.name}, {near.taken:.0%} taken for it"
    )
    if near.auroc < assumed.least_auroc or near.taken > MOST_TAKEN:
        lift = (
            f"customers' words do not tell it from {near.name}: give examples that differ, or make "
            f"it part of {near.name}"
        )
    else:
        lift = _lift_of_bound(offer, target, assumed)
    return Seat("ML", "error bound", figures, lift)


def _lift_of_bound(offer: Offer, target: float, assumed: Assumed) -> str:
    if with_slip(0.0, offer.slip) >= target:
        return (
            f"the model's assumed error, {offer.slip:.1%}, is above what the harm allows: measure "
            "it and correct model_wrong, or hand over to a person"
        )
    clean, total = (needed(target, offer.slip, n, assumed) for n in (0, offer.wrong))
    assert clean is not None
    assert total is not None
    if offer.judged < clean or offer.judged >= total:
        return ""  # too few to be bounded at all is the veto of data science
    more = total - offer.judged
    return f"{more} more examples without a mistake, or a tier or wording that errs less"


def architecture(tier: Tier, assumed: Assumed) -> Seat:
    """The tier's measured P99 against what any turn may take."""
    measured, promise = assumed.measured_p99_ms[tier], assumed.target_p99_ms
    own = assumed.promised_p99_ms[tier]
    figures = f"{tier}: P99 {measured:,.0f} ms measured, {own:,} promised, {promise:,} at most"
    over = measured > promise
    lift = f"make {tier} faster by {measured - promise:,.0f} ms, or measure it anew" if over else ""
    return Seat("architecture", "P99", figures, lift)


def data_science(distinct: int, offer: Offer, target: float, assumed: Assumed) -> Seat:
    """Enough different examples for any bound."""
    enough = needed(target, offer.slip, 0, assumed) or assumed.least_examples
    figures = f"{distinct} different utterances, {enough} needed for {target:.1%}"
    more = math.ceil(enough - distinct)
    lift = f"not enough examples: {more} more" if more > 0 else ""
    return Seat("data science", "sample size", figures, lift)


def operations(
    name: str, fallback: str, shop: Shop, seen: Volatility, offer: Offer, *, replace: bool
) -> Seat:
    """It can be taken back: a fallback that needs no facts, a file of its own, facts that hold."""
    lift = ""
    if not _stands_alone(fallback, shop):
        lift = f"write templates/{fallback}.j2, a text that needs no facts"
    elif name in shop.use_cases and not replace:
        lift = f"use_cases/{name}.yaml exists: choose another --id, or give --force"
    elif offer.tier is Tier.TEMPLATE and seen.changed:
        lift = "its answers change with time and come from no row: give the rows with them"
    figures = (
        f"fallback {fallback}, own file use_cases/{name}.yaml, corpus/{name}.jsonl for the "
        f"retraining; drift: {seen}"
    )
    return Seat("MLOps", "rollback", figures, lift)


def _stands_alone(fallback: str, shop: Shop) -> bool:
    try:
        return bool(shop.renderer.render(fallback))
    except PlaybookError:
        return False


def product(settled: Mapping[bool, int], assumed: Assumed) -> Seat:
    """The share of answers that settle the matter."""
    total = sum(settled.values())
    share = settled.get(True, 0) / total
    figures = (
        f"{settled.get(True, 0)} of {total} answers settle the matter ({share:.0%}), "
        f"{assumed.least_resolved:.0%} at least"
    )
    short = share < assumed.least_resolved
    lift = "give the answer that settles it, or leave these turns to a person" if short else ""
    return Seat("product", "resolution", figures, lift)


def settles(example: Example, hand_off: str) -> bool:
    """As noted, else an answer that ends neither in a question nor in a `hand_off`."""
    if example.resolved is not None:
        return example.resolved
    last = example.answer.rstrip().rsplit(". ", 1)[-1]
    return not (last.endswith("?") or (hand_off and hand_off in last) or "pass you on" in last)
