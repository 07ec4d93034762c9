"""From a choice to a decision: the tier, its price, and what overlays change."""

from dataclasses import dataclass, replace

from classifier.choice import Choice
from classifier.controls import Controls
from classifier.doubt import DEAREST, LANGUAGE, UNSURE, options_of
from events.decision import Decision
from events.tier import Tier
from playbook.shop import Shop
from playbook.use_case import Size


@dataclass(frozen=True)
class _Place:
    """Where a turn goes. `template` is named where no tier's own answer is wanted."""

    tier: Tier
    template: str | None
    slots: dict[str, str]
    overlays: tuple[str, ...]

    def noted(self, overlay: str) -> "_Place":
        return replace(self, overlays=(*self.overlays, overlay))


def decision_of(choice: Choice, shop: Shop, controls: Controls) -> Decision:
    """The decision record of a choice."""
    place = _placed(choice, shop, controls)
    return Decision(
        by=choice.by,
        use_case=choice.use_case,
        tier=place.tier,
        why=choice.why,
        expected_cost_usd=_cost_usd(choice, shop, place.tier),
        playbook_version=shop.version,
        candidates=choice.candidates,
        entropy_bits=choice.entropy_bits,
        out_of_scope=choice.out_of_scope,
        score=choice.score,
        rule_id=choice.rule_id,
        model_version=choice.model_version,
        threshold=choice.threshold,
        template=place.template,
        slots=place.slots,
        overlays=place.overlays,
    )


def first_tier(decision: Decision, shop: Shop) -> Tier:
    """Where the route leads: what the large model answers, retrieval finds the evidence for first.

    An unsure turn, or one in another language, is the large model's whatever its use case: it too
    goes by way of retrieval.
    """
    if decision.tier is not Tier.LLM:
        return decision.tier
    via = shop.use_cases[decision.use_case].via
    return Tier.LLM if via is None and DEAREST.isdisjoint(decision.overlays) else Tier.RAG


def _placed(choice: Choice, shop: Shop, controls: Controls) -> _Place:
    """The place a choice asks for, as closed tiers, models and switches let it be."""
    place = _Place(_wanted(choice, shop), choice.template, choice.slots, choice.overlays)
    if choice.template is not None:
        return place
    if shop.is_closed(choice.use_case, place.tier):
        return _instead(place.noted(f"closed:{place.tier}"), choice, shop)
    place = _without_big(place, choice, shop, controls)
    if place.template is None and (overlay := _switched_off(place, choice, shop, controls)):
        return _instead(place.noted(overlay), choice, shop)
    return _without_small(place, choice, shop, controls)


def _wanted(choice: Choice, shop: Shop) -> Tier:
    """The tier before overlays: a named template's is template, a doubtful turn's the dearest."""
    if choice.template is not None:
        return Tier.TEMPLATE
    dearest = not DEAREST.isdisjoint(choice.overlays)
    return Tier.LLM if dearest else shop.use_cases[choice.use_case].tier


def _without_big(place: _Place, choice: Choice, shop: Shop, controls: Controls) -> _Place:
    """While the large model is not to be had, retrieval answers alone what it can answer.

    Not a turn in another language: there its use case is a guess.
    """
    overlay = controls.model(shop.prices.chosen[Size.BIG]) if place.tier is Tier.LLM else None
    if overlay is None:
        return place
    place, case = place.noted(overlay), shop.use_cases[choice.use_case]
    if Tier.RAG in (case.tier, case.via) and LANGUAGE not in place.overlays:
        return replace(place, tier=Tier.RAG)
    return _instead(place, choice, shop)


def _switched_off(place: _Place, choice: Choice, shop: Shop, controls: Controls) -> str | None:
    """The overlay of a switch on a tier that the turn would pass, if one is off."""
    case = shop.use_cases[choice.use_case]
    via = case.via is Tier.RAG or not DEAREST.isdisjoint(choice.overlays)
    passed = (Tier.RAG, Tier.LLM) if place.tier is Tier.LLM and via else (place.tier,)
    return next((found for tier in passed if (found := controls.tier(tier))), None)


def _without_small(place: _Place, choice: Choice, shop: Shop, controls: Controls) -> _Place:
    """Note that the small model is not to be had: the tier then answers plainly."""
    case = shop.use_cases[choice.use_case]
    asks = case.warm if place.tier is Tier.ORDER else place.tier is Tier.RAG
    overlay = controls.model(shop.prices.chosen[Size.SMALL]) if asks else None
    return place.noted(overlay) if overlay and overlay not in place.overlays else place


def _instead(place: _Place, choice: Choice, shop: Shop) -> _Place:
    """What answers in place of a tier: a question where unsure, the honest fallback else."""
    if UNSURE in choice.overlays and (options := options_of(choice)):
        slots = place.slots | {"options": options}
        return replace(place, tier=Tier.TEMPLATE, template="clarify", slots=slots)
    return replace(place, tier=Tier.TEMPLATE, template=shop.use_cases[choice.use_case].fallback)


def _cost_usd(choice: Choice, shop: Shop, tier: Tier) -> float:
    """The price of the use case's turn, or the lowest one on a tier it was moved to."""
    case = shop.use_cases[choice.use_case]
    if case.tier is tier:
        return case.cost_usd
    return min((c.cost_usd for c in shop.use_cases.values() if c.tier is tier), default=0.0)
