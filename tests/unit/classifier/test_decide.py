"""From a choice to the record: tier, price, template, and what overlays changed."""

from dataclasses import replace

import pytest
from suites.posteriors import posterior
from suites.reference_shop import shop

from classifier.choice import Choice
from classifier.decide import decision_of
from classifier.doubt import UNSURE, choose
from events.decision import Decision, Evidence
from events.tier import Tier
from playbook.shop import Shop

SERVED = {"billing", "chitchat", "escalation", "faq_policy", "order_tracking", "out_of_scope"}


def all_open() -> Shop:
    cases = {
        name: case.model_copy(update={"closed": False}) for name, case in shop().use_cases.items()
    }
    return replace(shop(), closed_tiers=frozenset(), use_cases=cases)


def decided(use_case: str, of: Shop, **more: object) -> Decision:
    fields: dict[str, object] = {"by": Evidence.RULE, "use_case": use_case, "why": "a test", **more}
    return decision_of(Choice(**fields), of)  # type: ignore[arg-type]  # a table of fields


@pytest.mark.parametrize("use_case", sorted(SERVED))
def test_an_open_use_case_goes_to_its_tier_at_its_price(use_case: str) -> None:
    case, decision = shop().use_cases[use_case], decided(use_case, shop())
    assert (decision.tier, decision.expected_cost_usd) == (case.tier, case.cost_usd)
    assert (decision.template, decision.overlays) == (None, ())


@pytest.mark.parametrize(
    ("use_case", "overlay", "template"),
    [
        ("product_info", "closed:rag", "product_info_closed"),
        ("recommendation", "closed:llm", "recommendation_closed"),
        ("returns", "closed:order", "returns_closed"),
    ],
)
def test_a_closed_one_is_answered_honestly_and_the_record_says_so(
    use_case: str, overlay: str, template: str
) -> None:
    decision = decided(use_case, shop(), slots={"title": "Monster"})
    assert (decision.use_case, decision.tier) == (use_case, Tier.TEMPLATE)
    assert (decision.template, decision.overlays) == (template, (overlay,))
    assert decision.slots == {"title": "Monster"}
    assert decision.expected_cost_usd == 0.001


@pytest.mark.parametrize("use_case", sorted(shop().use_cases))
def test_once_its_tier_is_open_every_use_case_goes_there(use_case: str) -> None:
    case, decision = shop().use_cases[use_case], decided(use_case, all_open())
    assert (decision.tier, decision.expected_cost_usd) == (case.tier, case.cost_usd)
    assert decision.overlays == ()


def test_a_named_template_needs_no_other_tier() -> None:
    decision = decided("returns", shop(), template="clarify")
    assert (decision.tier, decision.template, decision.overlays) == (Tier.TEMPLATE, "clarify", ())


def test_an_unsure_turn_goes_to_the_dearest_tier_when_it_is_open() -> None:
    choice = choose(posterior(billing=0.6), shop().use_cases, "m-1")
    decision = decision_of(choice, all_open())
    assert (decision.use_case, decision.tier) == ("billing", Tier.LLM)
    assert decision.overlays == (UNSURE,)
    assert decision.expected_cost_usd == shop().use_cases["recommendation"].cost_usd


def test_an_unsure_turn_is_asked_back_while_that_tier_is_closed() -> None:
    likely = posterior(billing=0.6, returns=0.1, order_tracking=0.09)
    decision = decision_of(choose(likely, shop().use_cases, "m-1"), shop())
    assert (decision.tier, decision.template) == (Tier.TEMPLATE, "clarify")
    assert decision.overlays == (UNSURE, "closed:llm")
    assert decision.slots == {"options": "billing,returns,order_tracking"}


def test_an_unsure_turn_with_one_candidate_is_answered_honestly() -> None:
    choice = choose(posterior(billing=0.6), shop().use_cases, "m-1")
    alone = replace(choice, candidates=choice.candidates[:1])
    assert decision_of(alone, shop()).template == shop().use_cases["billing"].fallback


def test_a_clarifying_question_costs_what_a_template_costs() -> None:
    choice = choose(posterior(billing=0.48, returns=0.44), shop().use_cases, "m-1")
    decision = decision_of(choice, shop())
    assert (decision.tier, decision.expected_cost_usd) == (Tier.TEMPLATE, 0.001)
    assert decision.overlays == ()


def test_the_record_is_whole() -> None:
    choice = choose(posterior(order_tracking=0.9), shop().use_cases, "m-7")
    decision = decision_of(choice, shop())
    assert decision.playbook_version == shop().version
    assert decision.model_version == "m-7"
    assert decision.candidates == choice.candidates
    assert decision.entropy_bits == choice.entropy_bits
    assert decision.out_of_scope == choice.out_of_scope
    assert (decision.threshold, decision.why) == (choice.threshold, choice.why)
