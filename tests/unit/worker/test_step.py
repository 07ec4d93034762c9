"""One record's way: what is published, what is stored, what is dead-lettered."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest
from suites.people import PARTITIONS, ListedRows, arriving, key_of, route, routed, said

from bus.memory import MemoryBus
from bus.record import Record
from events import topics
from events.context import Context, Flow, Question
from events.reply import Reply, Status
from events.tier import Tier
from events.turn import Turn
from events.wire import decode
from telemetry import metrics
from worker.clock import BrokerClock
from worker.deadletter import Limit
from worker.deadline import until
from worker.handler import Handler, Outcome, Rejected, Unavailable
from worker.ingress import Ingress
from worker.marks import PublishedMarks
from worker.outbox import Outbox
from worker.retry import Limits
from worker.row import State
from worker.step import Step, tier_intake
from worker.throttle import Throttle

APOLOGIES: Mapping[str, str] = {"bug": "sorry, a bug", "late": "sorry, too late"}


async def hello(turn: Turn) -> Outcome:
    return turn.reply("hello back", leaves=Context(entities={"seen": "yes"}))


@dataclass
class Bench:
    bus: MemoryBus
    outbox: Outbox
    rows: ListedRows = field(default_factory=ListedRows)
    clock: BrokerClock = field(default_factory=BrokerClock)
    limit: Limit = field(default_factory=Limit)
    throttle: Throttle = field(default_factory=lambda: Throttle(lambda _: None))

    def step(self, handle: Handler = hello, *, door: bool = False) -> Step:
        return Step(
            service="test",
            intake=Ingress(self.rows, key_of, self.throttle, PARTITIONS) if door else tier_intake,
            handle=handle,
            rows=self.rows,
            marks=PublishedMarks(self.rows),
            outbox=self.outbox,
            clock=self.clock,
            apologies=APOLOGIES,
            limits=Limits(patience_s=0.2, deadline_s=5.0),
            dead_limit=self.limit,
            poison_counts=not door,
        )

    def replies(self) -> list[Reply]:
        found = self.bus.records(topics.EGRESS)
        return [decode(Reply, record.value, record.headers) for record in found]

    def routes(self, tier: Tier) -> list[Turn]:
        found = self.bus.records(topics.tier_topic(tier))
        return [decode(Turn, record.value, record.headers) for record in found]

    def letters(self) -> list[Record]:
        return self.bus.records(topics.DLQ)


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bus, clock = MemoryBus(PARTITIONS), BrokerClock()
    async with bus.producer("out") as out, bus.producer("dead", cap_bytes=2 << 20) as dead:
        yield Bench(bus, Outbox("test", out, dead, clock), clock=clock)


def at_template(asked: Turn) -> Record:
    return arriving(asked, topics.tier_topic(Tier.TEMPLATE))


async def test_a_reply_is_stored_before_it_is_published(bench: Bench) -> None:
    asked = routed("hi")
    await bench.rows.decide(asked)
    await bench.step()(at_template(asked))
    (reply,) = bench.replies()
    assert (reply.text, reply.status, reply.tier) == ("hello back", Status.COMPLETED, "template")
    assert reply.leaves is None
    row = bench.rows.rows[(asked.session_id, asked.turn_id)]
    assert row.state == State.ANSWERED
    left = Context.model_validate_json(row.context or "")
    assert left.entities == {"seen": "yes"}
    assert left.use_case == "chitchat"
    assert (left.recent[0].said, left.recent[0].replied) == ("hi", "hello back")


async def test_a_redelivered_turn_gets_the_first_reply_again(bench: Bench) -> None:
    counter = SimpleNamespace(calls=0)

    async def counting(turn: Turn) -> Outcome:
        counter.calls += 1
        return turn.reply(f"answer {counter.calls}")

    record = at_template(routed())
    step = bench.step(counting)
    await step(record)
    await step(record)
    assert [reply.text for reply in bench.replies()] == ["answer 1", "answer 1"]


async def test_the_door_stores_the_decision_and_routes(bench: Bench) -> None:
    async def deciding(turn: Turn) -> Outcome:
        return route(turn)

    record = arriving(said("hi"))
    step = bench.step(deciding, door=True)
    await step(record)
    await step(record)
    first, second = bench.routes(Tier.TEMPLATE)
    assert first == second
    assert first.path == (Tier.TEMPLATE,)
    assert first.turn_no == 1
    assert len(bench.rows.rows) == 1


async def test_a_tier_may_route_on_once_and_never_back(bench: Bench) -> None:
    async def onward(turn: Turn) -> Outcome:
        return route(turn, Tier.LLM)

    await bench.step(onward)(at_template(routed()))
    assert bench.routes(Tier.LLM)[0].path == (Tier.TEMPLATE, Tier.LLM)

    async def back(turn: Turn) -> Outcome:
        return route(turn, Tier.TEMPLATE)

    await bench.step(back)(at_template(routed("again")))
    assert not bench.routes(Tier.TEMPLATE)
    assert bench.letters()[0].headers["dlq_reason"] == b"bug"
    assert [r.text for r in bench.replies()] == ["sorry, a bug"]


async def test_poison_is_dead_lettered_once_with_its_original_bytes(bench: Bench) -> None:
    broken = replace(at_template(routed()), value=b"{nonsense", offset=7)
    await bench.step()(broken)
    (letter,) = bench.letters()
    assert letter.value == b"{nonsense"
    assert letter.headers["dlq_reason"] == b"invalid_json"
    assert letter.headers["dlq_offset"] == b"7"
    assert letter.headers["dlq_topic"] == b"chat.tier.template"
    assert not bench.replies()


async def test_a_rejected_turn_is_refused_and_dead_lettered(bench: Bench) -> None:
    async def rejecting(turn: Turn) -> Outcome:
        raise Rejected("bad_signature", "not signed")

    await bench.step(rejecting)(at_template(routed()))
    assert bench.replies()[0].status == Status.REFUSED
    assert bench.letters()[0].headers["dlq_reason"] == b"bad_signature"


async def test_a_bug_is_dead_lettered_and_the_customer_hears_an_apology(bench: Bench) -> None:
    async def buggy(turn: Turn) -> Outcome:
        return 1 / 0  # type: ignore[return-value]  # a bug on purpose

    await bench.step(buggy)(at_template(routed()))
    (reply,) = bench.replies()
    assert (reply.status, reply.reason, reply.text) == (Status.FAILED, "bug", "sorry, a bug")
    assert bench.letters()[0].headers["dlq_reason"] == b"bug"


async def test_an_answer_that_is_too_large_ends_in_an_apology(bench: Bench) -> None:
    async def endless(turn: Turn) -> Outcome:
        return turn.reply("x" * 300_000)

    async with bench.bus.producer("small") as out:
        bench.outbox = Outbox("test", out, out, bench.clock)
        await bench.step(endless)(at_template(routed()))
    assert [reply.text for reply in bench.replies()] == ["sorry, a bug"]


async def test_a_dependency_that_returns_is_waited_for(bench: Bench) -> None:
    tries = SimpleNamespace(count=0)

    async def flaky(turn: Turn) -> Outcome:
        tries.count += 1
        if tries.count < 3:
            raise Unavailable("postgres")
        return turn.reply("back again")

    # On a busy machine a short pause may last long: the patience must not end meanwhile.
    step = replace(bench.step(flaky), limits=Limits(patience_s=10.0, deadline_s=30.0))
    await step(at_template(routed()))
    assert bench.replies()[0].text == "back again"


async def test_a_dependency_that_stays_away_ends_in_the_fallback(bench: Bench) -> None:
    async def away(turn: Turn) -> Outcome:
        raise Unavailable("qdrant")

    await bench.step(away)(at_template(routed()))
    (reply,) = bench.replies()
    assert (reply.text, reply.degraded) == ("not now", ("qdrant",))
    assert not bench.letters()


async def test_past_its_deadline_a_turn_is_not_handled(bench: Bench) -> None:
    async def never(turn: Turn) -> Outcome:
        raise AssertionError("must not be called")

    asked = routed()
    bench.clock.saw(asked.asked_at + 6_000)
    await bench.step(never)(at_template(asked))
    assert bench.replies()[0].degraded == ("deadline",)


async def test_a_handler_is_cut_at_the_deadline(bench: Bench) -> None:
    async def slow(turn: Turn) -> Outcome:
        await asyncio.sleep(30)
        return turn.reply("too late")

    asked = routed()
    bench.clock.saw(asked.asked_at + 4_900)
    await bench.step(slow)(at_template(asked))
    assert bench.replies()[0].text == "not now"


async def test_a_handler_is_told_when_it_is_cut(bench: Bench) -> None:
    left: list[float] = []

    async def asks(turn: Turn) -> Outcome:
        when = until()
        assert when is not None
        left.append(when - asyncio.get_running_loop().time())
        return turn.reply("in time")

    asked = routed()
    bench.clock.saw(asked.asked_at + 1_000)
    await bench.step(asks)(at_template(asked))
    assert 0.5 < left[0] <= 4.0
    assert until() is None


async def test_without_postgres_the_reply_goes_out_marked(bench: Bench) -> None:
    bench.rows.away = True
    await bench.step()(at_template(routed()))
    assert bench.replies()[0].degraded == ("turn_row",)


async def test_a_refused_turn_takes_its_number_and_leaves_the_context(bench: Bench) -> None:
    async def deciding(turn: Turn) -> Outcome:
        return turn.reply(f"knows {turn.context.entities}", leaves=Context(entities={"a": "b"}))

    step = bench.step(deciding, door=True)
    for number, text in enumerate(("one", "x" * 4001, "three"), start=1):
        await step(arriving(said(text, no=number)))
        await step.marks.flush()
    replies = sorted(bench.replies(), key=lambda reply: reply.turn_no or 0)
    assert [reply.status for reply in replies] == ["completed", "refused", "completed"]
    assert replies[2].text == "knows {'a': 'b'}"
    assert not replies[2].gap
    assert [letter.headers["dlq_reason"] for letter in bench.letters()] == [b"too_long"]


async def test_above_its_rate_a_frontend_is_told_and_nothing_is_dead_lettered(bench: Bench) -> None:
    bench.throttle = Throttle({"web": 1.0}.get, lambda: 50.0)
    step = bench.step(door=True)
    for number in range(4):
        await step(arriving(said("hi", session=f"s-{number}")))
    assert [r.reason for r in bench.replies()].count("throttled") == 2
    assert not bench.letters()


async def test_a_forged_turn_takes_no_id(bench: Bench) -> None:
    forged = said("mine", turn_id="t-1").model_copy(update={"text": "yours"})
    step = bench.step(door=True)
    await step(arriving(forged))
    assert not bench.rows.rows
    await step(arriving(said("mine", turn_id="t-1")))
    assert [reply.status for reply in bench.replies()] == ["refused", "completed"]


async def test_a_conflict_is_dead_lettered_and_not_answered(bench: Bench) -> None:
    async def deciding(turn: Turn) -> Outcome:
        return route(turn)

    step = bench.step(deciding, door=True)
    await step(arriving(said("one", turn_id="t-1")))
    await step(arriving(said("two", turn_id="t-1")))
    assert [turn.text for turn in bench.routes(Tier.TEMPLATE)] == ["one"]
    assert [letter.headers["dlq_reason"] for letter in bench.letters()] == [b"turn_conflict"]


async def test_a_stray_record_is_put_where_its_key_belongs(bench: Bench) -> None:
    record = arriving(said())
    stray = replace(record, partition=(record.partition + 1) % PARTITIONS)
    await bench.step(door=True)(stray)
    (moved,) = bench.bus.records(topics.INGRESS)
    assert (moved.partition, moved.value) == (record.partition, record.value)


async def test_cancellation_passes_through_and_publishes_nothing(bench: Bench) -> None:
    async def slow(turn: Turn) -> Outcome:
        await asyncio.sleep(30)
        return turn.reply("never")

    running = asyncio.create_task(bench.step(slow)(at_template(routed())))
    await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not bench.replies()
    assert not bench.letters()


async def test_the_limit_counts_our_faults_and_not_poison_from_outside(bench: Bench) -> None:
    bench.limit = Limit(most=3)
    poison = replace(at_template(routed()), value=b"{")
    door = bench.step(door=True)
    for _ in range(5):
        await door(replace(arriving(said()), value=b"{"))
    assert bench.limit.tripped is None
    tier = bench.step()
    for _ in range(3):
        await tier(poison)
    assert "3 dead letters" in (bench.limit.tripped or "")


async def test_a_forgery_of_a_known_turn_is_not_its_reply(bench: Bench) -> None:
    async def deciding(turn: Turn) -> Outcome:
        return route(turn)

    step, genuine = bench.step(deciding, door=True), said("mine", turn_id="t-1")
    await step(arriving(genuine))
    await step(arriving(genuine.model_copy(update={"envelope": "not.a.signature"})))
    assert not bench.replies()
    assert [letter.headers["dlq_reason"] for letter in bench.letters()] == [b"bad_signature"]


async def test_a_session_goes_on_past_the_highest_number_a_frontend_may_name(bench: Bench) -> None:
    async def deciding(turn: Turn) -> Outcome:
        return turn.reply("here")

    step = bench.step(deciding, door=True)
    await step(arriving(said("high", no=1_000_000)))
    await step.marks.flush()
    await step(arriving(said("next")))
    assert sorted(reply.turn_no or 0 for reply in bench.replies()) == [1_000_000, 1_000_001]


async def test_a_row_that_cannot_be_written_ends_in_an_apology(bench: Bench) -> None:
    async def broken(turn: Turn) -> bool:
        raise ValueError("out of range")

    bench.rows.decide = broken  # type: ignore[method-assign]  # a fault of the database driver

    async def deciding(turn: Turn) -> Outcome:
        return route(turn)

    await bench.step(deciding, door=True)(arriving(said("hi")))
    assert [reply.reason for reply in bench.replies()] == ["bug"]


async def test_marks_that_fail_are_written_later(bench: Bench) -> None:
    asked = routed("hi")
    step = bench.step()
    await step(at_template(asked))
    bench.rows.away = True
    await step.marks.flush()
    bench.rows.away = False
    await step.marks.flush()
    assert bench.rows.rows[(asked.session_id, asked.turn_id)].state == State.PUBLISHED


async def test_each_decision_is_counted_once_by_tier_and_evidence(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[dict[str, str]] = []
    counter = SimpleNamespace(add=lambda _, attributes: counted.append(attributes))
    monkeypatch.setattr(metrics, "decisions", counter)

    async def deciding(turn: Turn) -> Outcome:
        return route(turn)

    await bench.step(deciding, door=True)(arriving(said("hi")))
    await bench.step(deciding)(at_template(routed()))
    (attributes,) = counted
    assert attributes == {
        "tierwise.tier": "template",
        "tierwise.use_case": "chitchat",
        "tierwise.decided_by": "rule",
    }


# -- what is prepared, and what a dialogue keeps

IN_A_DIALOGUE = Context(
    flow=Flow(name="returns", state="item"),
    question=Question(use_case="returns", slot="return_item"),
)


async def forget_the_flow(turn: Turn) -> Turn:
    return turn.model_copy(update={"context": turn.context.model_copy(update={"flow": None})})


async def test_a_turn_is_prepared_before_it_is_handled_and_goes_on_so(bench: Bench) -> None:
    seen: list[Turn] = []

    async def to_template(turn: Turn) -> Outcome:
        seen.append(turn)
        return route(turn)

    await bench.rows.finish(
        routed("before", no=1), routed("before", no=1).reply("ok", leaves=IN_A_DIALOGUE)
    )
    bench.rows.rows = {k: replace(r, state=State.PUBLISHED) for k, r in bench.rows.rows.items()}
    step = replace(bench.step(to_template, door=True), prepare=forget_the_flow)
    await step(arriving(said("hi", no=2)))
    (on_its_way,) = bench.routes(Tier.TEMPLATE)
    assert seen[0].context.flow is None
    assert on_its_way.context == IN_A_DIALOGUE.model_copy(update={"flow": None})


async def test_what_cannot_be_prepared_is_tried_again_and_then_said_so(bench: Bench) -> None:
    tried: list[Turn] = []

    async def away(turn: Turn) -> Turn:
        tried.append(turn)
        raise Unavailable("postgres")

    limits = Limits(patience_s=0.6, deadline_s=20.0)
    step = replace(bench.step(hello, door=True), prepare=away, limits=limits)
    await step(arriving(said("hi")))
    (reply,) = bench.replies()
    assert len(tried) > 1
    assert (reply.status, reply.reason) == (Status.FAILED, "unavailable")
    assert reply.degraded == ("postgres",)


def left_by(bench: Bench, turn: Turn) -> Context:
    kept = bench.rows.rows[(turn.session_id, turn.turn_id)].context
    assert kept is not None
    return Context.model_validate_json(kept)


@pytest.mark.parametrize(
    ("left", "question"),
    [
        (IN_A_DIALOGUE.model_copy(update={"question": None}), IN_A_DIALOGUE.question),
        (
            IN_A_DIALOGUE.model_copy(update={"question": Question(use_case="x", slot="y")}),
            Question(use_case="x", slot="y"),
        ),
        (IN_A_DIALOGUE.model_copy(update={"question": None, "flow": None}), None),
        (
            IN_A_DIALOGUE.model_copy(
                update={"question": None, "flow": Flow(name="returns", state="done")}
            ),
            None,
        ),
    ],
)
async def test_a_dialogues_question_outlives_an_aside_that_asks_nothing(
    bench: Bench, left: Context, question: Question | None
) -> None:
    async def tell(turn: Turn) -> Outcome:
        return turn.reply("by the way", leaves=left)

    asked = routed("how much is shipping?", context=IN_A_DIALOGUE)
    await bench.step(tell)(at_template(asked))
    assert left_by(bench, asked).question == question


async def test_an_answer_of_the_dialogue_itself_closes_its_question(bench: Bench) -> None:
    own = Question(use_case="chitchat", slot="mood")
    context = Context(flow=Flow(name="chitchat", state="asking"), question=own)

    async def tell(turn: Turn) -> Outcome:
        return turn.reply("thanks for telling")

    asked = routed("great", context=context)
    await bench.step(tell)(at_template(asked))
    assert left_by(bench, asked).question is None
    assert left_by(bench, asked).flow == context.flow
