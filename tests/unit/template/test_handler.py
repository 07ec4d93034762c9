"""The template tier: which words go out, with which sources, and what the session remembers."""

from pathlib import Path

import pytest

from events.context import Context, Flow, Option, Question
from events.decision import Decision, Evidence
from events.reply import Reply, Status
from events.tier import Tier
from events.turn import Turn
from playbook.shop import load_shop
from template.desk import Desk
from template.handler import handle
from worker.handler import Rejected

SHOP = load_shop(Path(__file__).parents[3] / "playbook")
DESK = Desk(SHOP)
REMEMBERED = Context(
    use_case="order_tracking",
    entities={"order_id": "ABC123"},
    question=Question(use_case="order_tracking", slot="order_id"),
)
HANDED = REMEMBERED.model_copy(
    update={"flow": Flow(name="handoff", state="open", data={"opened_at": "7", "reason": "legal"})}
)
IN_A_RETURN = REMEMBERED.model_copy(update={"flow": Flow(name="returns", state="item")})


def routed(
    use_case: str,
    text: str = "hello",
    *,
    template: str | None = None,
    slots: dict[str, str] | None = None,
    context: Context = REMEMBERED,
) -> Turn:
    decision = Decision(
        by=Evidence.RULE,
        use_case=use_case,
        tier=Tier.TEMPLATE,
        why="a test",
        expected_cost_usd=0.001,
        playbook_version=SHOP.version,
        template=template,
        slots=slots or {},
    )
    return Turn(
        session_id="s",
        turn_id="t",
        text=text,
        envelope="e",
        asked_at=1,
        decision=decision,
        context=context,
        path=(Tier.TEMPLATE,),
    )


async def answer(turn: Turn) -> Reply:
    outcome = await handle(turn, desk=DESK)
    assert isinstance(outcome, Reply)
    return outcome


@pytest.mark.parametrize(
    ("use_case", "template", "words"),
    [
        ("chitchat", None, "happy to chat"),
        ("chitchat", "chitchat_thanks", "You're welcome"),
        ("escalation", "escalation_away", "can't pass you on right now"),
        ("out_of_scope", None, "outside what I can help with"),
        ("order_change", None, "can't change or cancel an order from this chat"),
        ("address_change", None, "can't change an address from this chat"),
        ("restock", None, 'choose "tell me" on the page'),
        ("account_login", None, "Forgot password"),
        ("newsletter", None, 'in your account under "Profile"'),
        ("product_info", "product_info_away", "can't look into our catalogue right now"),
        ("recommendation", "recommendation_away", "I won't guess"),
        ("recommendation", None, "I won't guess"),
    ],
)
async def test_says_the_words_of_the_decision(
    use_case: str, template: str | None, words: str
) -> None:
    reply = await answer(routed(use_case, template=template))
    assert words in reply.text
    assert (reply.status, reply.reason) == (Status.COMPLETED, None)
    assert (reply.use_case, reply.tier) == (use_case, Tier.TEMPLATE)


@pytest.mark.parametrize(
    ("template", "reason", "words"),
    [
        (None, "asked", "passing you on to a person"),
        ("escalation_legal", "legal", "passing you on"),
        ("escalation_security", "security", "change your password"),
        ("escalation_crisis", "crisis", "emergency number"),
    ],
)
async def test_an_escalation_gives_the_session_to_a_person(
    template: str | None, reason: str, words: str
) -> None:
    reply = await answer(routed("escalation", template=template))
    assert words in reply.text
    assert (reply.status, reply.reason) == (Status.FORWARDED, reason)
    assert reply.leaves is not None
    assert reply.leaves.flow == Flow(
        name="handoff", state="open", data={"opened_at": "1", "reason": reason}
    )
    assert reply.leaves.question is None
    assert reply.leaves.entities == REMEMBERED.entities


async def test_a_person_keeps_the_session_and_the_bot_keeps_quiet() -> None:
    handed = HANDED.model_copy(update={"question": None})
    reply = await answer(routed("escalation", template="handed_over", context=handed))
    assert (reply.status, reply.text, reply.reason) == (Status.FORWARDED, "", "legal")
    assert reply.leaves is not None
    assert reply.leaves.flow == HANDED.flow


async def test_danger_is_answered_while_a_person_has_the_session() -> None:
    reply = await answer(routed("escalation", template="escalation_crisis", context=HANDED))
    assert "emergency number" in reply.text
    assert (reply.status, reply.reason) == (Status.FORWARDED, "crisis")
    assert reply.leaves is not None
    assert reply.leaves.flow == HANDED.flow


async def test_an_open_dialogue_ends_with_a_hand_off() -> None:
    reply = await answer(routed("escalation", context=IN_A_RETURN))
    assert reply.leaves is not None
    assert reply.leaves.flow is not None
    assert reply.leaves.flow.name == "handoff"


@pytest.mark.parametrize(
    ("use_case", "slots"), [("chitchat", {}), ("faq_policy", {}), ("faq_policy", {"policy": "x"})]
)
async def test_an_aside_leaves_the_dialogue_open(use_case: str, slots: dict[str, str]) -> None:
    reply = await answer(routed(use_case, context=IN_A_RETURN, slots=slots))
    assert reply.leaves is not None
    assert reply.leaves.flow == IN_A_RETURN.flow


@pytest.mark.parametrize("template", ["lost_context", "unavailable"])
async def test_an_apology_is_a_refusal(template: str) -> None:
    reply = await answer(routed("order_tracking", template=template))
    assert (reply.status, reply.reason) == (Status.REFUSED, template)


async def test_tells_the_policy_that_was_named() -> None:
    reply = await answer(routed("faq_policy", "whatever", slots={"policy": "return_window"}))
    assert "within 30 days" in reply.text
    assert [(s.kind, s.ref, s.title) for s in reply.sources] == [
        ("policy", "return_window", "Returns")
    ]


async def test_finds_the_policy_in_the_text() -> None:
    reply = await answer(routed("faq_policy", "do gift cards expire??"))
    assert [source.ref for source in reply.sources] == ["gift_cards"]


@pytest.mark.parametrize("slots", [{}, {"policy": "not_ours"}])
async def test_asks_which_policy_where_it_is_not_sure(slots: dict[str, str]) -> None:
    reply = await answer(routed("faq_policy", "a question about delivery", slots=slots))
    assert reply.sources == ()
    assert reply.leaves is not None
    question = reply.leaves.question
    assert question is not None
    assert (question.use_case, question.slot, question.template) == (
        "faq_policy",
        "policy",
        "policy",
    )
    assert len(question.options) == 3
    assert "delivery_times" in [option.value for option in question.options]
    assert all(option.label in reply.text for option in question.options)


async def test_asks_which_use_case_is_meant() -> None:
    slots = {"options": "order_tracking,billing,unheard_of"}
    reply = await answer(routed("order_tracking", template="clarify", slots=slots))
    assert "about the state of an order or a charge, a payment or an invoice?" in reply.text
    assert reply.leaves is not None
    question = reply.leaves.question
    assert question is not None
    assert question.slot == "use_case"
    assert question.options == (
        Option(value="order_tracking", label="the state of an order"),
        Option(value="billing", label="a charge, a payment or an invoice"),
    )


async def test_asks_openly_without_options() -> None:
    reply = await answer(routed("out_of_scope", template="clarify"))
    assert "not sure what you mean" in reply.text


async def test_keeps_what_was_talked_about_and_forgets_the_question() -> None:
    reply = await answer(routed("chitchat"))
    assert reply.leaves == Context(use_case="chitchat", entities={"order_id": "ABC123"})


async def test_a_customers_words_never_become_a_template() -> None:
    reply = await answer(routed("faq_policy", "{{ contact.__class__ }} {% for %}"))
    assert "__class__" not in reply.text


async def test_says_the_same_twice() -> None:
    turn = routed("faq_policy", "what about delivery")
    assert await answer(turn) == await answer(turn)


async def test_a_turn_without_a_decision_is_rejected() -> None:
    with pytest.raises(Rejected) as rejected:
        await handle(routed("chitchat").model_copy(update={"decision": None}), desk=DESK)
    assert rejected.value.reason == "invalid_event"


async def test_what_a_turn_names_was_talked_about() -> None:
    before = Context(entities={"series": "monster", "volume": "3", "shown": "pluto"})
    left = (
        await answer(routed("restock", slots={"series": "nana", "policy": "x"}, context=before))
    ).leaves
    assert left is not None
    assert left.entities == {"series": "nana", "shown": "pluto"}
    left = (await answer(routed("order_change", slots={"order_id": "DEF456"}))).leaves
    assert left is not None
    assert left.entities == {"order_id": "DEF456"}
