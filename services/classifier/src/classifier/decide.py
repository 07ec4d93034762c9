"""From a choice to a decision: the tier, its price, and what overlays change."""

from classifier.choice import Choice
from classifier.doubt import UNSURE, options_of
from events.decision import Decision
from events.tier import Tier
from playbook.shop import Shop


def _wanted(choice: Choice, shop: Shop) -> Tier:
    """The tier before overlays: a named template's is template, an unsure turn's the dearest."""
    if choice.template is not None:
        return Tier.TEMPLATE
    return Tier.LLM if UNSURE in choice.overlays else shop.use_cases[choice.use_case].tier


def _closed(choice: Choice, shop: Shop, tier: Tier) -> bool:
    return choice.template is None and shop.is_closed(choice.use_case, tier)


def _cost_usd(choice: Choice, shop: Shop, tier: Tier) -> float:
    """The price of the use case's turn, or the lowest one on a tier it was moved to."""
    case = shop.use_cases[choice.use_case]
    if case.tier is tier:
        return case.cost_usd
    return min((c.cost_usd for c in shop.use_cases.values() if c.tier is tier), default=0.0)


def _instead(choice: Choice, shop: Shop) -> tuple[str | None, dict[str, str]]:
    """What answers in place of a closed tier: a question where unsure, the honest fallback else."""
    if UNSURE in choice.overlays and (options := options_of(choice)):
        return "clarify", {"options": options}
    return shop.use_cases[choice.use_case].fallback, {}


def decision_of(choice: Choice, shop: Shop) -> Decision:
    """The decision record of a choice."""
    tier, template, slots = _wanted(choice, shop), choice.template, choice.slots
    overlays = choice.overlays
    if _closed(choice, shop, tier):
        overlays = (*overlays, f"closed:{tier}")
        template, extra = _instead(choice, shop)
        tier, slots = Tier.TEMPLATE, slots | extra
    return Decision(
        by=choice.by,
        use_case=choice.use_case,
        tier=tier,
        why=choice.why,
        expected_cost_usd=_cost_usd(choice, shop, tier),
        playbook_version=shop.version,
        candidates=choice.candidates,
        entropy_bits=choice.entropy_bits,
        out_of_scope=choice.out_of_scope,
        rule_id=choice.rule_id,
        model_version=choice.model_version,
        threshold=choice.threshold,
        template=template,
        slots=slots,
        overlays=overlays,
    )
