"""Every turn becomes a route with a decision and something true to fall back on."""

from dataclasses import replace

import pytest
from suites.people import turn
from suites.posteriors import limits, posterior
from suites.reference_shop import shop

from classifier.controls import Controls
from classifier.desk import Desk
from classifier.handler import handle
from classifier.model import Posterior
from events.context import Context, Question
from events.decision import Evidence
from events.reply import Status
from events.route import Route
from events.task import Task
from events.tier import Tier
from worker.clock import BrokerClock

NEW = Context()
EXAMPLES = [(case.id, text) for case in shop().use_cases.values() for text in case.examples]


async def routed(text: str, likely: Posterior, context: Context = NEW) -> Route:
    async def ask(_: str) -> Posterior:
        return likely

    desk = Desk(shop(), ask, limits(), Controls(BrokerClock()))
    return await handle(turn(text, context=context), desk=desk)


@pytest.mark.parametrize(("use_case", "text"), EXAMPLES)
async def test_an_example_is_never_claimed_by_another_use_cases_rule(
    use_case: str, text: str
) -> None:
    # The model agrees with the playbook here: only a wrong rule could disagree.
    route = await routed(text, posterior(**{use_case: 0.99}))
    assert route.decision.use_case == use_case


@pytest.mark.parametrize("use_case", sorted(shop().use_cases))
async def test_every_use_case_is_reached_by_the_model(use_case: str) -> None:
    route = await routed("qwerty uiop asdf", posterior(**{use_case: 0.99}))
    assert (route.decision.by, route.decision.use_case) == (Evidence.MODEL, use_case)


@pytest.mark.parametrize("use_case", sorted(shop().use_cases))
async def test_a_rule_of_every_use_case_fires_on_one_of_its_examples(use_case: str) -> None:
    rules = [
        (await routed(text, posterior())).decision.rule_id
        for name, text in EXAMPLES
        if name == use_case
    ]
    assert any(rules)


async def test_the_route_leads_to_the_tier_that_answers_or_to_its_evidence() -> None:
    for use_case, case in shop().use_cases.items():
        route = await routed("qwerty", posterior(**{use_case: 0.99}))
        assert route.tier == (case.via or route.decision.tier)
        assert route.task is None


async def test_an_unsure_turn_is_the_big_models_by_way_of_retrieval() -> None:
    route = await routed("qwerty", posterior(billing=0.6))
    assert (route.tier, route.decision.tier) == (Tier.RAG, Tier.LLM)
    assert route.decision.expected_cost_usd == shop().use_cases["recommendation"].cost_usd


async def test_who_goes_to_the_model_without_evidence_is_told_what_to_do() -> None:
    case = shop().use_cases["recommendation"].model_copy(update={"via": None})
    direct = replace(shop(), use_cases={**shop().use_cases, "recommendation": case})

    async def ask(_: str) -> Posterior:
        return posterior(recommendation=0.99)

    desk = Desk(direct, ask, limits(), Controls(BrokerClock()))
    route = await handle(turn("qwerty"), desk=desk)
    assert (route.tier, route.task) == (Tier.LLM, Task.ANSWER)


@pytest.mark.parametrize("use_case", sorted(shop().use_cases))
async def test_the_fallback_is_a_whole_reply_that_keeps_the_context(use_case: str) -> None:
    question = Question(use_case="order_tracking", slot="order_id")
    context = Context(entities={"order_id": "ABC123"}, question=question)
    route = await routed("qwerty", posterior(**{use_case: 0.99}), context)
    sorry = route.fallback
    expected = shop().renderer.render(shop().use_cases[use_case].fallback)
    assert (sorry.text, sorry.status, sorry.reason) == (expected, Status.FAILED, "unavailable")
    assert (sorry.use_case, sorry.decision) == (use_case, route.decision)
    assert sorry.leaves == context


async def test_the_same_turn_is_decided_the_same_again() -> None:
    likely = posterior(billing=0.5, returns=0.3)
    first, second = await routed("hm", likely), await routed("hm", likely)
    assert first.decision == second.decision
