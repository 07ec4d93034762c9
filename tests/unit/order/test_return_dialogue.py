"""Whole dialogues about a return on listed orders: what is said, kept, routed and opened."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from suites.listed_returns import TODAY, ListedReturns, book, bought
from suites.people import KEY, key_of
from suites.reference_shop import shop

from events.context import Context, Flow
from events.decision import Decision, Evidence
from events.envelope import sign
from events.reply import Reply, Status
from events.route import Route
from events.task import Task
from events.tier import Tier
from events.turn import Turn
from order.desk import Desk
from order.facts import Found, State
from order.handler import handle
from order.returns.desk import SLOTS
from order.returns.wish import Dialogue, Wish

DESK = Desk(shop())
ORDERS = {
    "c-aiko": (bought("AAA111"), bought("BBB222", book(1, 7, "Monster"), days_ago=20)),
    "c-bruno": (bought("CCC333", book(1, 3, "Akira", price_cents=2999)),),
    "c-late": (bought("DDD444", days_ago=31),),
    "c-soon": (bought("EEE555", days_ago=None, state=State.SHIPPED),),
    "c-none": (),
}


class Rows(ListedReturns):
    async def look_up(self, *_: object) -> Found:
        raise AssertionError("a return looks up returns")


class Chat:
    """One session: says turns, keeps the context they leave, and remembers the replies."""

    def __init__(self, customer: str | None = "c-aiko", rows: Rows | None = None) -> None:
        self.customer = customer
        self.rows = rows or Rows(ORDERS)
        self.context = Context()
        self.outcome: Reply | Route | None = None
        self.number = 0

    def turn(self, text: str, slots: Mapping[str, str] | None = None, *overlays: str) -> Turn:
        self.number += 1
        session, turn_id = "s-1", f"t-{self.number}"
        envelope = sign(
            KEY,
            "web",
            session_id=session,
            turn_id=turn_id,
            text=text,
            issued_at=0,
            customer_id=self.customer,
        )
        decision = Decision(
            by=Evidence.FLOW,
            use_case="returns",
            tier=Tier.ORDER,
            why="a test",
            expected_cost_usd=0.001,
            playbook_version="test",
            slots=dict(slots or {}),
            overlays=overlays,
        )
        return Turn(
            session_id=session,
            turn_id=turn_id,
            turn_no=self.number,
            text=text,
            envelope=envelope,
            asked_at=0,
            context=self.context,
            decision=decision,
            path=(Tier.ORDER,),
        )

    async def take(self, asked: Turn) -> Reply:
        """The plain reply to a turn, wherever it goes."""
        self.outcome = await handle(asked, orders=self.rows, desk=DESK, key_of=key_of)
        reply = self.outcome.fallback if isinstance(self.outcome, Route) else self.outcome
        assert reply.leaves is not None
        self.context = reply.leaves
        return reply

    async def say(self, text: str, **slots: str) -> Reply:
        return await self.take(self.turn(text, slots))

    @property
    def asked_for(self) -> str | None:
        return self.context.question.slot if self.context.question else None


async def agreed(chat: Chat) -> Reply:
    """A return of volume 2, up to the summary."""
    await chat.say("Help me return this, my husband bought the wrong volume", order_id="AAA111")
    await chat.say("volume 2 please")
    return await chat.say("refund")


async def test_from_the_first_word_to_the_number() -> None:
    chat = Chat()
    opening = await chat.say("Help me return this, my husband bought the wrong volume")
    assert "Which order is it about?" in opening.text
    assert chat.asked_for == "order_id"
    which = await chat.say("#AAA111", order_id="AAA111")
    assert "1. Berserk, volume 1\n2. Berserk, volume 2\n3. both of them" in which.text
    assert chat.asked_for == "return_item"
    choice = await chat.say("volume 2 please")
    assert "money back, or an exchange" in choice.text
    instead = await chat.say("exchange")
    assert "instead of volume 2" in instead.text
    summary = await chat.say("volume 3")
    assert "- You return: Berserk, volume 2, from order #AAA111, delivered on 9 Nov" in summary.text
    assert "- Reason: it is the wrong volume or book" in summary.text
    assert "- You get instead: Berserk, volume 3" in summary.text
    assert not chat.rows.opened
    done = await chat.say("yes", return_confirm="yes")
    (opened,) = chat.rows.opened.values()
    assert opened.label_no in done.text
    assert "Berserk, volume 3" in done.text
    assert (opened.choice, opened.reason, opened.books[0].instead) == (
        "exchange",
        "wrong_volume",
        3,
    )
    assert [(source.kind, source.ref) for source in done.sources] == [
        ("order", "AAA111"),
        ("return", opened.label_no),
    ]
    assert chat.context.flow is None
    assert chat.context.question is None
    assert chat.context.entities == {"order_id": "AAA111"}


async def test_all_at_once_is_only_summed_up() -> None:
    chat = Chat("c-bruno")
    summary = await chat.say("I want to return Akira, I don't like it, I want my money back")
    assert "You get back: $29.99" in summary.text
    assert chat.asked_for == "return_confirm"
    done = await chat.say("yes please")
    assert "$29.99 goes back to Visa ending 4242 within 5 working days" in done.text


async def test_damage_needs_a_photo_and_no_parcel() -> None:
    chat = Chat("c-bruno")
    await chat.say("I want to return this, it arrived with torn pages")
    summary = await chat.say("send me a new copy")
    assert "we only need a photo" in summary.text
    done = await chat.say("yes")
    assert "send a photo" in done.text
    assert "You need not send anything back" in done.text
    assert "parcel" not in done.text


async def test_damage_that_is_told_late_is_an_ordinary_return() -> None:
    chat = Chat()
    await chat.say("I want to return BBB222, it is damaged", order_id="BBB222")
    summary = await chat.say("refund")
    assert "ended on 8 Nov" in summary.text
    assert (await chat.say("yes")).text.count("parcel") == 2


async def test_a_dialogue_outlives_other_turns() -> None:
    chat = Chat()
    await agreed(chat)
    kept = chat.context
    # What the runtime leaves of an aside: the flow and its question stay.
    chat.context = kept.model_copy(update={"use_case": "faq_policy"})
    assert "is open" in (await chat.say("yes")).text


async def test_after_an_asides_own_question_a_yes_is_not_taken_for_granted() -> None:
    chat = Chat()
    await agreed(chat)
    chat.context = chat.context.model_copy(update={"question": None})
    again = await chat.say("yes")
    assert "Let me ask once more. Is this right?" in again.text
    assert not chat.rows.opened
    assert "is open" in (await chat.say("yes")).text


@pytest.mark.parametrize("turns", range(1, 4))
async def test_a_dialogue_that_is_left_did_nothing(turns: int) -> None:
    chat = Chat()
    said = ["I want to return AAA111, it is the wrong volume", "volume 2", "refund"][:turns]
    for text in said:
        await chat.say(text, **({"order_id": "AAA111"} if "AAA111" in text else {}))
    assert chat.context.flow is not None
    left = await chat.say("never mind", cancel="yes")
    assert "Nothing was opened" in left.text
    assert chat.context.flow is None
    assert chat.context.question is None
    assert chat.rows.opened == {}
    assert isinstance(chat.outcome, Reply)


@pytest.mark.parametrize(
    "text",
    [
        "ok forget about the return for today",
        "okay let me ask my husband first",
        "ok give me a minute",
        "yes once my wife agrees",
        "ok can you tell me how i send it",
        "fine print please",
    ],
)
async def test_a_hedged_yes_to_the_summary_asks_again(text: str) -> None:
    chat = Chat()
    await agreed(chat)
    assert "Let me ask once more. Is this right?" in (await chat.say(text)).text
    assert chat.rows.opened == {}
    assert "is open" in (await chat.say("yes")).text


async def test_a_no_to_the_summary_does_nothing() -> None:
    chat = Chat()
    await agreed(chat)
    assert "Nothing was opened" in (await chat.say("no")).text
    assert chat.rows.opened == {}


async def test_the_turn_that_comes_again_says_the_same() -> None:
    chat = Chat()
    await agreed(chat)
    confirming = chat.turn("yes")
    first = await chat.take(confirming)
    assert await chat.take(confirming) == first
    assert len(chat.rows.opened) == 1


async def test_a_second_turn_hears_of_the_return_that_is_open() -> None:
    chat = Chat()
    await agreed(chat)
    one, two = chat.turn("yes"), chat.turn("yes")
    await chat.take(one)
    reply = await chat.take(two)
    assert "There is a return for this already" in reply.text
    assert "R100001, opened on 14 Nov" in reply.text
    assert len(chat.rows.opened) == 1
    assert ("return", "R100001") in [(source.kind, source.ref) for source in reply.sources]


async def test_a_return_that_was_faster_is_found_by_the_statement() -> None:
    """The look saw the line free, and another session opened a return of it meanwhile."""
    chat = Chat()
    await agreed(chat)

    class Raced(Rows):
        async def open_return(self, turn: Turn, *rest: object) -> None:
            other = turn.model_copy(update={"turn_id": "another"})
            await ListedReturns.open_return(self, other, *rest)  # type: ignore[arg-type]  # passed on

    chat.rows = Raced(ORDERS)
    reply = await chat.say("yes")
    assert "There is a return for this already" in reply.text
    assert chat.context.flow is None


async def test_who_leaves_after_a_lost_answer_hears_of_what_was_opened() -> None:
    """The yes was committed and its reply was lost: the session still holds the summary."""
    chat = Chat()
    await agreed(chat)
    kept = chat.context
    await chat.say("yes")
    chat.context = kept
    left = await chat.say("never mind", cancel="yes")
    assert "R100001, opened on 14 Nov" in left.text
    assert "Nothing was opened" not in left.text
    assert chat.context.flow is None


async def test_a_visitor_is_asked_to_sign_in() -> None:
    chat = Chat(None)
    assert "sign in" in (await chat.say("I want to return this")).text
    assert chat.context.flow is None


@pytest.mark.parametrize(
    ("customer", "slots", "words"),
    [
        ("c-late", {}, ("14 Oct", "30 days", "13 Nov", "14 days", "28 Oct", "a person")),
        ("c-soon", {"order_id": "EEE555"}, ("#EEE555", "shipped and not delivered yet")),
        ("c-none", {}, ("no delivered order",)),
        ("c-bruno", {"order_id": "AAA111"}, ("can't find an order “AAA111”",)),
    ],
)
async def test_what_cannot_be_returned_is_said_with_why(
    customer: str, slots: dict[str, str], words: tuple[str, ...]
) -> None:
    chat = Chat(customer)
    reply = await chat.say(f"I want to return {slots.get('order_id', 'this')}", **slots)
    assert all(word in reply.text for word in words), reply.text
    assert reply.status is Status.COMPLETED


async def test_a_foreign_order_reads_as_unknown_and_leaves_the_own_ones() -> None:
    chat = Chat("c-bruno")
    reply = await chat.say("I want to return AAA111", order_id="AAA111")
    assert "can't find an order" in reply.text
    assert "#CCC333" in reply.text
    assert "Berserk" not in reply.text


@pytest.mark.parametrize("customer", ["c-aiko", "c-late", "c-none"])
async def test_the_first_word_and_every_refusal_are_warmed(customer: str) -> None:
    chat = Chat(customer)
    reply = await chat.say("I want to return this")
    route = chat.outcome
    assert isinstance(route, Route)
    assert (route.tier, route.task, route.within_s) == (Tier.LLM, Task.WARM, 1.5)
    assert route.fallback == reply
    assert reply.status is Status.COMPLETED


async def test_questions_go_out_plain_and_the_end_warm() -> None:
    chat = Chat()
    await chat.say("I want to return AAA111, it is the wrong volume", order_id="AAA111")
    for text in ("volume 2", "refund"):
        await chat.say(text)
        assert isinstance(chat.outcome, Reply)
    await chat.say("yes")
    assert isinstance(chat.outcome, Route)


@pytest.mark.parametrize(
    "overlay", ["closed:llm", "away:llm", "breaker:haiku-5-5", "quota:haiku-5-5", "switch:llm"]
)
async def test_without_a_model_it_goes_out_plain_at_once(overlay: str) -> None:
    chat = Chat()
    await chat.take(chat.turn("I want to return this", {}, overlay))
    assert isinstance(chat.outcome, Reply)


async def test_a_shop_without_models_warms_nothing() -> None:
    plain = Desk(replace(shop(), closed_tiers=frozenset({Tier.LLM})))
    chat = Chat()
    asked = chat.turn("I want to return this")
    outcome = await handle(asked, orders=chat.rows, desk=plain, key_of=key_of)
    assert isinstance(outcome, Reply)


async def test_the_look_is_for_the_order_that_is_meant() -> None:
    chat = Chat()
    await chat.say("I want to return BBB222", order_id="BBB222")
    await chat.say("it came too late", order_id="AAA111")
    await chat.say("no, AAA111", order_id="AAA111")
    assert chat.rows.looks == ["BBB222", "BBB222", "AAA111"]


async def test_another_releases_flow_begins_anew() -> None:
    chat = Chat()
    chat.context = Context(flow=Flow(name="returns", state="sent", data={}))
    assert "Which order" in (await chat.say("hello?")).text


FITTING = "what fits the question"
ANSWERS = {
    "order_id": "AAA111",
    "return_item": "volume 2",
    "return_reason": "it's the wrong volume",
    "return_choice": "exchange",
    "return_instead": "volume 9",
    "return_confirm": "yes",
    None: "I want to return this",
}
TEXTS = st.sampled_from(
    [
        "yes",
        "no",
        "yes, but both",
        "ok give me a minute",
        "yes once my wife agrees",
        "I want to return this",
        "volume 2",
        "the second one",
        "both",
        "AAA111",
        "DDD444",
        "no, the other order",
        "it is torn",
        "it's the wrong volume",
        "another reason",
        "refund",
        "exchange",
        "volume 9",
        "hm",
        *[FITTING] * 18,
    ]
)
SLOT_VALUES = st.sampled_from(
    ["yes", "no", "all", "line1", "line2", "AAA111", "DDD444", "damaged", "other", "refund", "x"]
)
SAID = st.tuples(
    TEXTS,
    st.dictionaries(st.sampled_from([*SLOTS.values()]), SLOT_VALUES, max_size=2),
    st.booleans(),
)
MIXED = {
    "c-aiko": (
        bought("AAA111"),
        bought("BBB222", book(1, 7, "Monster"), days_ago=20),
        bought("DDD444", days_ago=31),
        bought("EEE555", days_ago=None, state=State.SHIPPED),
    )
}


@settings(max_examples=150, deadline=None)
@given(st.lists(SAID, max_size=9))
async def test_nothing_is_opened_but_what_was_summed_up_and_agreed_to(
    turns: list[tuple[str, dict[str, str], bool]],
) -> None:
    chat = Chat(rows=Rows(MIXED))
    await chat.say("I want to return this")
    for text, slots, aside in turns:
        before = Dialogue.of(chat.context.flow)
        question, opened = chat.asked_for, set(chat.rows.opened)
        if aside:
            chat.context = chat.context.model_copy(update={"question": None})
            question = None
        text = ANSWERS[question] if text is FITTING else text
        named = {"order_id": text} if text in {"AAA111", "DDD444"} else {}
        await chat.say(text, **(slots | named))
        event(f"opened: {len(chat.rows.opened) - len(opened)}")
        for place in set(chat.rows.opened) - opened:
            one = chat.rows.opened[place]
            assert question == "return_confirm"
            bound = slots.get("return_confirm")
            assert bound == "yes" or (bound != "no" and text == "yes")
            assert fits(one.model_dump(), before.wish)
            assert one.order_id in {"AAA111", "BBB222"}
            days = 14 if one.kind == "photo" else 30
            order = next(o for o in MIXED["c-aiko"] if o.order_id == one.order_id)
            assert order.delivered_on is not None
            assert (TODAY - order.delivered_on).days <= days
    lines = [(one.order_id, b.line_no) for one in chat.rows.opened.values() for b in one.books]
    assert len(lines) == len(set(lines))


def fits(opened: dict[str, object], wish: Wish) -> bool:
    """Whether what was opened is what had been summed up."""
    books = opened["books"]
    assert isinstance(books, tuple)
    return (
        tuple(one["line_no"] for one in books) == wish.lines
        and opened["reason"] == wish.reason
        and opened["choice"] == wish.choice
        and opened["kind"] == wish.kind
        and {one["instead"] for one in books} <= {None, wish.instead, *(b["volume"] for b in books)}
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(SAID, max_size=6))
async def test_a_cancel_ends_it_from_anywhere(
    turns: list[tuple[str, dict[str, str], bool]],
) -> None:
    chat = Chat(rows=Rows(MIXED))
    await chat.say("I want to return this")
    for text, slots, _ in turns:
        if chat.context.flow:
            await chat.say(ANSWERS[chat.asked_for] if text is FITTING else text, **slots)
    opened = dict(chat.rows.opened)
    await chat.say("yes", cancel="yes", return_confirm="yes")
    assert chat.rows.opened == opened
    assert chat.context.flow is None
