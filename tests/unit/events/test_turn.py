"""A turn on its way: at most two hops, never back, and one reply that knows where it was."""

import pytest
from suites.people import decision, route, turn

from events.context import Context, Question
from events.reply import Source, Status
from events.route import Finding
from events.tier import Tier
from events.turn import BadRoute

QUESTION = Question(use_case="order_tracking", slot="order_id")


def test_a_route_carries_decision_fallback_and_path() -> None:
    asked = turn()
    onward = asked.routed(route(asked, Tier.RAG))
    assert onward.decision == decision(Tier.RAG)
    assert onward.fallback == route(asked).fallback
    assert onward.path == (Tier.RAG,)
    assert (onward.text, onward.envelope, onward.asked_at) == (
        asked.text,
        asked.envelope,
        asked.asked_at,
    )


def test_findings_gather_on_the_way() -> None:
    first = Finding(kind="catalogue", ref="vs-12", title="Vinland Saga 12", text="208 pages")
    second = first.model_copy(update={"ref": "vs-13"})
    asked = turn(findings=(first,))
    onward = asked.routed(route(asked, Tier.LLM).model_copy(update={"findings": (second,)}))
    assert onward.findings == (first, second)


def test_two_hops_are_allowed_and_a_third_is_not() -> None:
    asked = turn()
    second = asked.routed(route(asked, Tier.RAG)).routed(route(asked, Tier.LLM))
    assert second.path == (Tier.RAG, Tier.LLM)
    with pytest.raises(BadRoute, match="rag > llm may not route to template"):
        second.routed(route(asked, Tier.TEMPLATE))


def test_there_is_no_way_back() -> None:
    asked = turn()
    onward = asked.routed(route(asked, Tier.RAG))
    with pytest.raises(BadRoute, match="rag may not route to rag"):
        onward.routed(route(asked, Tier.RAG))


def test_a_reply_says_which_turn_it_answers_and_where() -> None:
    asked = turn(no=3, gap=True, degraded=("context",))
    onward = asked.routed(route(asked, Tier.ORDER))
    source = Source(kind="order", ref="ABC123", title="Order #ABC123")
    reply = onward.reply("on its way", sources=(source,), degraded=("postgres",))
    assert (reply.session_id, reply.turn_id, reply.turn_no) == ("s-1", asked.turn_id, 3)
    assert (reply.status, reply.reason) == (Status.COMPLETED, None)
    assert (reply.tier, reply.use_case, reply.decision) == (
        Tier.ORDER,
        "chitchat",
        decision(Tier.ORDER),
    )
    assert reply.sources == (source,)
    assert (reply.gap, reply.degraded) == (True, ("context", "postgres"))
    assert reply.asked_at == asked.asked_at


def test_a_turn_refused_at_the_door_has_no_tier_and_no_decision() -> None:
    reply = turn().reply("no", status=Status.REFUSED, reason="too_long")
    assert (reply.tier, reply.use_case, reply.decision) == (None, None, None)


def test_without_more_the_session_forgets_its_question_and_keeps_the_rest() -> None:
    asked = turn(context=Context(question=QUESTION, entities={"order_id": "ABC123"}))
    left = asked.reply("fine").leaves
    assert left == Context(entities={"order_id": "ABC123"})


def test_a_handler_says_what_is_left() -> None:
    left = Context(question=QUESTION)
    assert turn().reply("which one?", leaves=left).leaves == left


def test_the_public_reply_keeps_all_but_the_context() -> None:
    reply = turn().reply("fine", leaves=Context(question=QUESTION))
    assert reply.public() == reply.model_copy(update={"leaves": None})
    assert reply.public().leaves is None


def test_slots_are_the_decisions() -> None:
    assert turn().slots == {}
    found = decision().model_copy(update={"slots": {"order_id": "ABC123"}})
    assert turn(decision=found).slots == {"order_id": "ABC123"}
