"""From ingress to egress over the bus in memory: classifier, template and order as they are."""

from collections.abc import AsyncIterator
from datetime import date
from itertools import pairwise

import pytest
from suites.line import Line, opened
from suites.people import said, turn
from suites.posteriors import posterior
from suites.reference_shop import shop
from suites.tracing import ids, parent_ids, recording

from classifier.model import Posterior
from events import topics
from events.context import Context, Flow, Option, Question
from events.decision import Evidence
from events.handoff import Step as Handing
from events.reader import Reader
from events.reply import Status
from events.tier import Tier
from order.facts import Found, Order, State
from order.facts import Line as OrderLine

TODAY = date(2026, 11, 20)


def shipped(order_id: str, series: str, day: int) -> Order:
    return Order(
        order_id=order_id,
        state=State.SHIPPED,
        placed_on=date(2026, 11, day),
        promised_on=date(2026, 11, 25),
        due_on=date(2026, 11, 25),
        shipped_on=date(2026, 11, 18),
        delivered_on=None,
        closed_on=None,
        carrier="UPS",
        tracking_no=f"1Z{order_id}",
        lines=(OrderLine(series=series, volume=1, quantity=1, price_cents=1290),),
        charges=(),
    )


AIKO = Found(
    today=TODAY, orders=(shipped("ABC123", "Berserk", 14), shipped("DEF456", "Monster", 12))
)
ORDERS = {"c-aiko": AIKO, "": Found(today=TODAY, orders=())}


async def believed(text: str) -> Posterior:
    if "statement" in text:
        return posterior(billing=0.48, returns=0.44)
    return posterior(out_of_scope=0.95)


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with opened(believed, ORDERS) as open_line:
        yield open_line


async def test_a_policy_is_told_by_rule_and_template(line: Line) -> None:
    reply = await line.say(said("How much is shipping to Canada?"))
    assert (reply.status, reply.tier, reply.use_case) == (
        Status.COMPLETED,
        Tier.TEMPLATE,
        "faq_policy",
    )
    assert reply.text == shop().policies["shipping_costs"].text
    assert [source.ref for source in reply.sources] == ["shipping_costs"]
    assert reply.decision is not None
    assert (reply.decision.by, reply.decision.tier) == (Evidence.RULE, Tier.TEMPLATE)
    assert (reply.turn_no, reply.gap, reply.degraded) == (1, False, ())


HERE = sorted(n for n, c in shop().use_cases.items() if c.tier in {Tier.TEMPLATE, Tier.ORDER})
BY_RETRIEVAL = sorted(set(shop().use_cases) - set(HERE))


@pytest.mark.parametrize("use_case", HERE)
async def test_every_use_case_gets_one_whole_reply(line: Line, use_case: str) -> None:
    for number, text in enumerate(shop().use_cases[use_case].examples):
        reply = await line.say(said(text, session=f"s-{number}", customer="c-aiko"))
        assert reply.text.strip()
        assert (reply.status is Status.FORWARDED) == (use_case == "escalation")
        assert reply.status is not Status.FAILED
        assert reply.tier in {Tier.TEMPLATE, Tier.ORDER}
    assert not line.reasons()


@pytest.mark.parametrize("use_case", BY_RETRIEVAL)
async def test_what_needs_evidence_goes_to_retrieval_first(line: Line, use_case: str) -> None:
    await line.send(said(shop().use_cases[use_case].examples[0]))
    (turn,) = line.routed(Tier.RAG)
    assert turn.decision is not None
    assert (turn.decision.use_case, turn.decision.by) == (use_case, Evidence.RULE)
    assert turn.decision.tier == shop().use_cases[use_case].tier
    assert turn.path == (Tier.RAG,)
    assert turn.fallback is not None
    assert turn.fallback.status is Status.FAILED


async def test_a_dialogue_over_three_turns_and_two_tiers(line: Line) -> None:
    which = await line.say(said("Where is my order", customer="c-aiko"))
    assert "#ABC123" in which.text
    assert "#DEF456" in which.text
    chosen = await line.say(said("the second one", customer="c-aiko"))
    assert chosen.decision is not None
    assert (chosen.decision.by, chosen.tier) == (Evidence.QUESTION, Tier.ORDER)
    assert "1ZDEF456" in chosen.text
    again = await line.say(said("and when does it arrive?", customer="c-aiko"))
    assert "1ZDEF456" in again.text
    assert [one.turn_no for one in (which, chosen, again)] == [1, 2, 3]


async def test_a_doubt_is_one_question_and_its_answer_decides(line: Line) -> None:
    asked = await line.say(said("my statement looks odd", customer="c-aiko"))
    assert asked.decision is not None
    assert (asked.decision.by, asked.decision.template) == (Evidence.MODEL, "clarify")
    assert shop().use_cases["returns"].label in asked.text
    answered = await line.say(said("an invoice", customer="c-aiko"))
    assert answered.decision is not None
    assert (answered.decision.by, answered.use_case) == (Evidence.QUESTION, "billing")
    assert answered.tier == Tier.ORDER


async def test_a_visitor_hears_of_no_order(line: Line) -> None:
    reply = await line.say(said("Where is my order #ABC123"))
    assert "ABC123" not in reply.text
    assert reply.sources == ()


async def test_a_foreign_order_reads_as_an_unknown_one(line: Line) -> None:
    unknown = await line.say(said("Where is my order #ZZZ999", customer="c-aiko"))
    assert "“ZZZ999”" in unknown.text
    assert unknown.sources == ()


async def test_a_turn_again_is_answered_again_and_shown_once(line: Line) -> None:
    spoken = said("Hi there!")
    first = await line.say(spoken)
    (record,) = line.bus.records(topics.INGRESS)
    await line.steps[topics.INGRESS](record)
    await line.work()
    replies = line.replies()
    assert replies == [first, first]
    reader = Reader()
    assert [reader.reply(reply) for reply in replies] == [True, False]


async def test_a_forged_turn_is_refused_once_and_the_next_one_answered(line: Line) -> None:
    forged = said("hello").model_copy(update={"text": "give me everything"})
    reply = await line.say(forged)
    assert (reply.status, reply.reason, reply.turn_no) == (
        Status.REFUSED,
        "wrong_body_hash",
        None,
    )
    assert reply.text == shop().apologies["bad_envelope"]
    assert line.reasons() == ["wrong_body_hash"]
    assert (await line.say(said("Hi there!"))).status == Status.COMPLETED


async def test_a_card_number_stays_on_ingress(line: Line) -> None:
    await line.say(said("is my card 4111 1111 1111 1111 ok?", customer="c-aiko"))
    for spec in topics.TOPICS:
        leaked = [r for r in line.bus.records(spec.name) if b"4111 1111" in (r.value or b"")]
        assert bool(leaked) == (spec.name == topics.INGRESS), spec.name


async def test_while_postgres_is_away_cheap_turns_are_answered_and_marked(line: Line) -> None:
    line.rows.away = True
    reply = await line.say(said("How much is shipping to Canada?"))
    assert reply.status == Status.COMPLETED
    assert set(reply.degraded) == {"context", "turn_row"}
    assert reply.turn_no is None
    lost = await line.say(said("the second one"))
    assert (lost.status, lost.reason) == (Status.REFUSED, "lost_context")
    assert lost.text == shop().apologies["lost_context"]


async def test_a_person_takes_over_and_gives_back(line: Line) -> None:
    which = await line.say(said("Where is my order", customer="c-aiko"))
    forwarded = await line.say(said("I want to talk to a human", customer="c-aiko"))
    assert (forwarded.status, forwarded.reason) == (Status.FORWARDED, "asked")
    assert forwarded.text == shop().renderer.render("escalation")
    silent = await line.say(said("the second one", customer="c-aiko"))
    assert (silent.status, silent.text, silent.reason) == (Status.FORWARDED, "", "asked")
    assert silent.decision is not None
    assert (silent.decision.by, silent.decision.use_case) == (Evidence.FLOW, "escalation")
    opened, followed = line.packets()
    assert (opened.step, opened.reason, opened.said) == (
        Handing.OPENED,
        "asked",
        "I want to talk to a human",
    )
    assert opened.context.recent[-1].replied == which.text
    assert (followed.step, followed.reason, followed.said) == (
        Handing.FOLLOWED,
        "asked",
        "the second one",
    )
    await line.release(opened)
    answered = await line.say(said("Where is my order #DEF456", customer="c-aiko"))
    assert (answered.status, answered.tier) == (Status.COMPLETED, Tier.ORDER)
    assert "1ZDEF456" in answered.text
    # A later wish for a person is a hand-off of its own: the old release does not end it.
    again = await line.say(said("connect me with an agent", customer="c-aiko"))
    assert (again.status, again.text) == (Status.FORWARDED, forwarded.text)
    assert line.packets()[-1].step is Handing.OPENED
    assert (await line.say(said("hello?", customer="c-aiko"))).text == ""


async def test_danger_is_answered_before_and_after_a_person_has_it(line: Line) -> None:
    first = await line.say(said("I want to kill myself"))
    again = await line.say(said("I said I want to kill myself"))
    for reply in (first, again):
        assert (reply.status, reply.reason) == (Status.FORWARDED, "crisis")
        assert "988" in reply.text
    assert [packet.step for packet in line.packets()] == [Handing.OPENED, Handing.FOLLOWED]


async def test_while_nobody_knows_who_has_it_the_customer_is_asked_to_wait(line: Line) -> None:
    await line.say(said("I want to talk to a human"))
    line.releases.away = True
    reply = await line.say(said("hello?"))
    assert (reply.status, reply.reason, reply.degraded) == (
        Status.FAILED,
        "unavailable",
        ("postgres",),
    )
    assert reply.text == shop().apologies["unavailable"]
    line.releases.away = False
    assert (await line.say(said("hello??"))).status is Status.FORWARDED


@pytest.mark.parametrize(
    ("text", "use_case"),
    [
        ("How much is shipping to Canada?", "faq_policy"),
        ("Where is my order #ABC123", "order_tracking"),
        ("I was charged twice", "billing"),
        ("thanks a lot", "chitchat"),
    ],
)
async def test_an_aside_keeps_dialogue_and_question(line: Line, text: str, use_case: str) -> None:
    options = (Option(value="1", label="Berserk 1"), Option(value="2", label="Monster 1"))
    question = Question(use_case="returns", slot="return_item", options=options)
    flow = Flow(name="returns", state="item", data={"order_id": "ABC123"})
    begun = turn("I want to return this", no=1)
    left = Context(use_case="returns", flow=flow, question=question)
    await line.rows.finish(begun, begun.reply("Which one?", leaves=left))
    await line.rows.published([(begun.session_id, begun.turn_id)])
    aside = await line.say(said(text, customer="c-aiko"))
    assert (aside.use_case, aside.status) == (use_case, Status.COMPLETED)
    kept = line.rows.rows[(aside.session_id, aside.turn_id)].context
    assert kept is not None
    context = Context.model_validate_json(kept)
    assert (context.flow, context.question) == (flow, question)
    assert context.use_case == use_case


async def test_one_trace_from_the_frontend_to_egress() -> None:
    with recording() as spans:
        async with opened(believed, ORDERS) as line:
            await line.say(said("Hi there!"))
        names = (
            f"send {topics.INGRESS}",
            f"process {topics.INGRESS}",
            "send chat.tier.template",
            "process chat.tier.template",
            f"send {topics.EGRESS}",
        )
        found = [spans.only(name) for name in names]
    assert parent_ids(found[0]) is None
    for parent, child in pairwise(found):
        assert parent_ids(child) == ids(parent)
