"""From a choice to the record: tier, price, template, and what overlays changed."""

from dataclasses import replace

import pytest
from suites.people import record
from suites.posteriors import limits, posterior
from suites.reference_shop import shop

from classifier.choice import Choice
from classifier.controls import Controls
from classifier.decide import decision_of, first_tier
from classifier.doubt import UNSURE, choose
from events import topics
from events.control import Control, Kind
from events.decision import Decision, Evidence
from events.tier import Tier
from events.wire import encode
from playbook.shop import Shop
from playbook.use_case import Size
from worker.clock import BrokerClock

WARM = frozenset({"return_done"})
BIG, SMALL = shop().prices.chosen[Size.BIG], shop().prices.chosen[Size.SMALL]
CASES = sorted(shop().use_cases)


def opened(**closed: bool) -> Shop:
    """The reference shop with every use case open but those named."""
    cases = {
        name: case.model_copy(
            update={"closed": closed.get(name, False), "warm": WARM if name == "returns" else set()}
        )
        for name, case in shop().use_cases.items()
    }
    return replace(shop(), closed_tiers=frozenset(), use_cases=cases)


def without(*tiers: Tier) -> Shop:
    return replace(opened(), closed_tiers=frozenset(tiers))


def posted(*entries: Control) -> Controls:
    """Controls that have seen these entries a moment ago."""
    controls = Controls(BrokerClock())
    for entry in entries:
        controls.saw(record(encode(entry, "test"), topics.CONTROL))
    return controls


def control(kind: Kind, subject: str, value: float = 0.0) -> Control:
    kept = None if kind is Kind.SWITCH else 5.0
    return Control(kind=kind, subject=subject, by="test", value=value, expires_after_s=kept)


def decided(
    use_case: str, of: Shop | None = None, controls: Controls | None = None, **more: object
) -> Decision:
    fields: dict[str, object] = {"by": Evidence.RULE, "use_case": use_case, "why": "a test", **more}
    choice = Choice(**fields)  # type: ignore[arg-type]  # a table of fields
    return decision_of(choice, of or opened(), controls or posted())


def unsure(controls: Controls | None = None, of: Shop | None = None, **likely: float) -> Decision:
    choice = choose(posterior(**likely), limits())
    assert choice.overlays == (UNSURE,)
    return decision_of(choice, of or opened(), controls or posted())


@pytest.mark.parametrize("use_case", CASES)
def test_every_use_case_goes_to_its_tier_at_its_price(use_case: str) -> None:
    case, decision = shop().use_cases[use_case], decided(use_case)
    assert (decision.tier, decision.expected_cost_usd) == (case.tier, case.cost_usd)
    assert (decision.template, decision.overlays) == (None, ())


@pytest.mark.parametrize(
    ("use_case", "of", "overlay"),
    [
        ("product_info", without(Tier.RAG), "closed:rag"),
        ("recommendation", without(Tier.LLM), "closed:llm"),
        ("returns", opened(returns=True), "closed:order"),
    ],
)
def test_a_closed_one_is_answered_honestly_and_the_record_says_so(
    use_case: str, of: Shop, overlay: str
) -> None:
    decision = decided(use_case, of, slots={"title": "Monster"})
    assert (decision.use_case, decision.tier) == (use_case, Tier.TEMPLATE)
    assert decision.template == shop().use_cases[use_case].fallback
    assert decision.overlays == (overlay,)
    assert decision.slots == {"title": "Monster"}
    assert decision.expected_cost_usd == 0.001


def test_a_named_template_needs_no_other_tier() -> None:
    decision = decided("returns", template="clarify")
    assert (decision.tier, decision.template, decision.overlays) == (Tier.TEMPLATE, "clarify", ())


def test_an_unsure_turn_goes_to_the_dearest_tier() -> None:
    decision = unsure(billing=0.6)
    assert (decision.use_case, decision.tier) == ("billing", Tier.LLM)
    assert decision.expected_cost_usd == shop().use_cases["recommendation"].cost_usd


@pytest.mark.parametrize(
    ("of", "entries", "overlay"),
    [
        (without(Tier.LLM), (), "closed:llm"),
        (opened(), (control(Kind.BREAKER, BIG),), f"breaker:{BIG}"),
        (opened(), (control(Kind.SWITCH, Tier.RAG),), "switch:rag"),
    ],
)
def test_an_unsure_turn_is_asked_back_while_no_model_answers_it(
    of: Shop, entries: tuple[Control, ...], overlay: str
) -> None:
    decision = unsure(posted(*entries), of, billing=0.6, returns=0.1, order_tracking=0.09)
    assert (decision.tier, decision.template) == (Tier.TEMPLATE, "clarify")
    assert decision.overlays == (UNSURE, overlay)
    assert decision.slots == {"options": "billing,returns,order_tracking"}


def test_an_unsure_turn_with_one_candidate_is_answered_honestly() -> None:
    choice = choose(posterior(billing=0.6), limits())
    alone = replace(choice, candidates=choice.candidates[:1])
    found = decision_of(alone, without(Tier.LLM), posted())
    assert found.template == shop().use_cases["billing"].fallback


def test_a_clarifying_question_costs_what_a_template_costs() -> None:
    choice = choose(posterior(billing=0.48, returns=0.44), limits())
    decision = decision_of(choice, opened(), posted())
    assert (decision.tier, decision.expected_cost_usd) == (Tier.TEMPLATE, 0.001)
    assert decision.overlays == ()


@pytest.mark.parametrize(
    ("entry", "overlay"),
    [
        (control(Kind.BREAKER, BIG), f"breaker:{BIG}"),
        (control(Kind.QUOTA, BIG, 0.04), f"quota:{BIG}"),
        (control(Kind.SWITCH, BIG), f"switch:{BIG}"),
    ],
)
def test_without_the_big_model_retrieval_recommends_alone(entry: Control, overlay: str) -> None:
    decision = decided("recommendation", controls=posted(entry))
    assert (decision.tier, decision.template) == (Tier.RAG, None)
    assert decision.overlays == (overlay,)
    assert decision.expected_cost_usd == shop().use_cases["product_info"].cost_usd
    assert first_tier(decision, opened()) == Tier.RAG


def test_with_the_models_tier_switched_off_everybody_knows() -> None:
    off = posted(control(Kind.SWITCH, Tier.LLM))
    found = {case: decided(case, controls=off) for case in CASES}
    told = {case for case, decision in found.items() if decision.overlays == ("switch:llm",)}
    assert told == {"recommendation", "product_info", "returns"}
    assert found["returns"].tier == Tier.ORDER
    assert found["product_info"].tier == found["recommendation"].tier == Tier.RAG


def test_an_unsure_question_about_books_is_left_to_retrieval() -> None:
    decision = unsure(posted(control(Kind.BREAKER, BIG)), product_info=0.6)
    assert (decision.tier, decision.template) == (Tier.RAG, None)
    assert decision.overlays == (UNSURE, f"breaker:{BIG}")


@pytest.mark.parametrize("use_case", CASES)
def test_the_small_model_is_missed_only_where_it_would_be_asked(use_case: str) -> None:
    decision = decided(use_case, controls=posted(control(Kind.BREAKER, SMALL)))
    missed = use_case in {"product_info", "returns"}
    assert decision.overlays == ((f"breaker:{SMALL}",) if missed else ())
    assert decision.tier == shop().use_cases[use_case].tier


@pytest.mark.parametrize(
    ("tier", "use_cases"),
    [
        (Tier.RAG, {"product_info", "recommendation"}),
        (Tier.ORDER, {"order_tracking", "billing", "refund_status", "returns"}),
    ],
)
def test_a_tier_that_is_switched_off_is_answered_for(tier: Tier, use_cases: set[str]) -> None:
    off = posted(control(Kind.SWITCH, tier))
    for case in CASES:
        decision = decided(case, controls=off)
        if case in use_cases:
            fallback = shop().use_cases[case].fallback
            assert (decision.tier, decision.template) == (Tier.TEMPLATE, fallback)
            assert decision.overlays == (f"switch:{tier}",)
        else:
            assert decision.overlays == ()


@pytest.mark.parametrize("use_case", CASES)
def test_models_that_are_to_be_had_change_nothing(use_case: str) -> None:
    well = posted(
        *(control(Kind.BREAKER, model, 1.0) for model in (BIG, SMALL)),
        *(control(Kind.QUOTA, model, 0.05) for model in (BIG, SMALL)),
        control(Kind.SWITCH, Tier.LLM, 1.0),
    )
    assert decided(use_case, controls=well) == decided(use_case)


def test_what_the_big_model_answers_goes_by_way_of_retrieval() -> None:
    assert first_tier(decided("recommendation"), opened()) == Tier.RAG
    assert first_tier(unsure(billing=0.6), opened()) == Tier.RAG
    for case in set(CASES) - {"recommendation"}:
        assert first_tier(decided(case), opened()) == shop().use_cases[case].tier


def test_the_big_model_alone_needs_no_retrieval_where_the_shop_says_so() -> None:
    cases = dict(opened().use_cases)
    cases["recommendation"] = cases["recommendation"].model_copy(update={"via": None})
    direct = replace(opened(), use_cases=cases)
    assert first_tier(decided("recommendation", direct), direct) == Tier.LLM
    gone = decided("recommendation", direct, posted(control(Kind.BREAKER, BIG)))
    assert (gone.tier, gone.template) == (Tier.TEMPLATE, cases["recommendation"].fallback)


def test_the_record_is_whole() -> None:
    choice = choose(posterior(order_tracking=0.9), limits(version="m-7"))
    decision = decision_of(choice, shop(), posted())
    assert decision.playbook_version == shop().version
    assert decision.model_version == "m-7"
    assert decision.candidates == choice.candidates
    assert decision.entropy_bits == choice.entropy_bits
    assert decision.out_of_scope == choice.out_of_scope
    assert (decision.threshold, decision.why) == (choice.threshold, choice.why)
