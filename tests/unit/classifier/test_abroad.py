"""What the desk makes of turns in other languages: never a cheap answer but to an id or danger."""

from dataclasses import replace

import pytest
from suites.languages import foreign, titles
from suites.people import turn
from suites.posteriors import limits, posterior
from suites.reference_shop import shop

from classifier.anywhere import bare
from classifier.controls import Controls
from classifier.desk import Desk
from classifier.doubt import LANGUAGE
from classifier.handler import handle
from classifier.language import is_foreign
from classifier.model import Posterior
from events.context import Context, Flow, Option, Question
from events.decision import Evidence
from events.handoff import HANDOFF_FLOW
from events.route import Route
from events.tier import Tier
from worker.clock import BrokerClock

NEW = Context()
PERSON = "person_wished_for"
SURE = posterior(chitchat=0.999)
OPTIONS = (
    Option(value="ABC123", label="#ABC123, Berserk 1–3, 12 Nov"),
    Option(value="DEF456", label="#DEF456, Vinland Saga 12, 3 Oct"),
)
WHICH = Question(use_case="order_tracking", slot="order_id", options=OPTIONS)
ASKED = Context(use_case="order_tracking", question=WHICH)
RETURNING = Context(
    use_case="returns",
    question=Question(use_case="returns", slot="order_id", options=OPTIONS),
    flow=Flow(name="returns", state="which_order"),
)
SEEN = [text for _, text in foreign() if is_foreign(text, titles())]


async def unasked(_: str) -> Posterior:
    raise AssertionError("Every test brings a model of its own.")


DESK = Desk(shop(), unasked, limits(), Controls(BrokerClock()))


async def routed(
    text: str, likely: Posterior = SURE, context: Context = NEW, degraded: tuple[str, ...] = ()
) -> Route:
    async def ask(_: str) -> Posterior:
        return likely

    desk = replace(DESK, ask=ask)
    return await handle(turn(text, context=context, degraded=degraded), desk=desk)


@pytest.mark.parametrize(
    "likely",
    [
        SURE,
        posterior(out_of_scope=0.99),
        posterior(billing=0.48, returns=0.44),
        posterior(billing=0.6),
    ],
)
async def test_it_is_the_large_models_with_evidence(likely: Posterior) -> None:
    route = await routed("Wo ist meine Bestellung?", likely)
    assert (route.decision.by, route.decision.tier) == (Evidence.MODEL, Tier.LLM)
    assert (route.tier, route.decision.overlays) == (Tier.RAG, (LANGUAGE,))
    assert (route.decision.template, route.decision.slots) == (None, {})
    assert route.decision.candidates[0].use_case == likely.best


@pytest.mark.parametrize("context", [NEW, ASKED, RETURNING], ids=["new", "asked", "in a dialogue"])
async def test_no_text_of_all_languages_is_answered_cheaply(context: Context) -> None:
    assert len(SEEN) > 600
    routes = [(text, await routed(text, context=context)) for text in SEEN]
    # "necesito hablar con una persona" gets a person by its rule.
    routes = [(text, route) for text, route in routes if route.decision.rule_id != PERSON]
    assert len(routes) >= len(SEEN) - 2
    cheap = [text for text, route in routes if route.tier is not Tier.RAG]
    assert not cheap
    assert all(route.decision.overlays == (LANGUAGE,) for _, route in routes)


@pytest.mark.parametrize("text", ["hola", "Berserk 3 stock bitte", "order status bitte danke"])
async def test_a_rule_of_english_words_does_not_answer_it(text: str) -> None:
    assert (await routed(text)).decision.overlays == (LANGUAGE,)


async def test_danger_is_heard_in_any_language() -> None:
    route = await routed("hola amigos, I want to kill myself, no puedo mas con nada de esto")
    assert (route.decision.by, route.decision.use_case) == (Evidence.RULE, "escalation")
    assert LANGUAGE not in route.decision.overlays


@pytest.mark.parametrize(
    "text", ["die Bestellung DEF456 bitte", "el pedido #DEF456, por favor", "DEF456 svp", "la 2"]
)
@pytest.mark.parametrize("context", [ASKED, RETURNING], ids=["asked", "in a dialogue"])
async def test_an_id_answers_the_open_question(text: str, context: Context) -> None:
    decision = (await routed(text, context=context)).decision
    assert decision.by in (Evidence.QUESTION, Evidence.FLOW)
    assert decision.slots["order_id"] == "DEF456"


@pytest.mark.parametrize("text", ["DEF456 stornieren", "devolver DEF456", "ja, in 2 Tagen"])
async def test_an_id_with_another_wish_does_not(text: str) -> None:
    assert (await routed(text, context=ASKED)).decision.overlays == (LANGUAGE,)


async def test_an_id_alone_stays_with_its_rule() -> None:
    route = await routed("#ABC123")
    assert (route.decision.by, route.tier) == (Evidence.RULE, Tier.ORDER)


async def test_a_person_keeps_the_conversation() -> None:
    context = Context(flow=Flow(name=HANDOFF_FLOW, state="waiting"))
    decision = (await routed("Wo ist meine Bestellung?", context=context)).decision
    assert (decision.by, decision.use_case) == (Evidence.FLOW, "escalation")


async def test_lost_context_is_not_told_in_english() -> None:
    route = await routed("si, por favor", degraded=("context",))
    assert route.decision.overlays == (LANGUAGE,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("die Bestellung DEF456 bitte", "DEF456"),
        ("n° 2 svp", "2"),
        ("заказ ABC123, пожалуйста", "ABC123"),
        ("ABC123 stornieren", None),
        ("bitte", None),
        ("ABC123 DEF456", None),
    ],
)
def test_a_bare_id_is_found_among_polite_words(text: str, said: str | None) -> None:
    assert bare(text) == said
