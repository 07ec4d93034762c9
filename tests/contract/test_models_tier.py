"""A turn through the models' tier on a bus: what is published, in which order, in one trace."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from uuid import uuid4

import pytest
from suites.claim_book import ListedClaims, Scripted, says
from suites.model_desk import asked, kit
from suites.people import ListedRows, arriving
from suites.reference_shop import shop
from suites.tracing import Spans, ids, parent_ids, recording

from bus.memory import MemoryBus
from events import topics
from events.preview import Preview
from events.reply import Reply
from events.task import Task
from events.tier import Tier
from events.wire import decode
from llm.desk import Desk
from llm.handler import handle
from llm.money.chores import Chores
from llm.money.claims import Claims
from llm.underway import Underway
from worker.clock import BrokerClock
from worker.deadletter import Limit
from worker.marks import PublishedMarks
from worker.outbox import Outbox
from worker.outlet import open_outlet
from worker.retry import Limits
from worker.step import Step, tier_intake

TOPIC = topics.tier_topic(Tier.LLM)
CHAT = "chat claude-sonnet-5-5"


@pytest.fixture
def spans() -> Iterator[Spans]:
    with recording() as recorded:
        yield recorded


@asynccontextmanager
async def worker(bus: MemoryBus, claims: ListedClaims, provider: Scripted) -> AsyncIterator[Step]:
    """The tier's step, as `worker.run` puts it together."""
    rows = ListedRows()
    async with (
        bus.producer("out") as out,
        bus.producer("dead") as dead,
        open_outlet(bus, "llm") as outlet,
    ):
        built = kit(Claims(claims, uuid4(), Chores()), provider, screen=outlet)
        yield Step(
            service="llm",
            intake=tier_intake,
            handle=partial(handle, desk=Desk(built, Underway())),
            rows=rows,
            marks=PublishedMarks(rows),
            outbox=Outbox("llm", out, dead, BrokerClock()),
            clock=BrokerClock(),
            apologies=shop().apologies,
            limits=Limits(patience_s=0.2),
            dead_limit=Limit(),
            poison_counts=True,
        )


def told(bus: MemoryBus) -> Reply:
    (record,) = bus.records(topics.EGRESS)
    return decode(Reply, record.value, record.headers)


def shown(bus: MemoryBus) -> list[Preview]:
    found = bus.records(topics.STREAM)
    return [decode(Preview, record.value, record.headers) for record in found]


async def test_the_previews_of_an_answer_are_its_text_in_one_trace(spans: Spans) -> None:
    bus = MemoryBus()
    async with worker(bus, ListedClaims(), says("It is calm. It", " is kind.")) as step:
        await step(arriving(asked(), TOPIC))
    assert "".join(one.text for one in shown(bus)) == told(bus).text == "It is calm. It is kind."
    process, chat = spans.only(f"process {TOPIC}"), spans.only(CHAT)
    assert parent_ids(chat) == ids(process)
    previews = spans.named(f"send {topics.STREAM}")
    assert [parent_ids(one) for one in previews] == [ids(chat)] * 2
    assert parent_ids(spans.only(f"send {topics.EGRESS}")) == ids(process)
    attributes = dict(chat.attributes or {})
    assert attributes["tierwise.simulated"] is True
    assert attributes["tierwise.claim.epoch"] == 1
    assert attributes["gen_ai.response.finish_reasons"] == ("end_turn",)
    assert attributes["tierwise.cost_usd"] == told(bus).usage[0].cost_usd


async def test_no_text_of_a_customer_or_a_model_is_in_a_span(spans: Spans) -> None:
    bus, secret = MemoryBus(), "my name is Quentin"
    async with worker(bus, ListedClaims(), says("It suits Quentin.")) as step:
        await step(arriving(asked(text=secret), TOPIC))
    assert told(bus).text == "It suits Quentin."
    assert spans.all()
    assert not any("Quentin" in str(span.to_json()) for span in spans.all())


async def test_without_postgres_the_fallback_goes_out_and_no_model_is_called() -> None:
    bus, provider = MemoryBus(), says("It is calm.")
    async with worker(bus, ListedClaims(away=True), provider) as step:
        await step(arriving(asked(), TOPIC))
    assert told(bus).degraded == ("postgres",)
    assert not provider.asked
    assert not shown(bus)


async def test_warmth_that_comes_too_late_goes_out_plain() -> None:
    bus = MemoryBus()
    async with worker(bus, ListedClaims(), Scripted([[60.0]])) as step:
        await step(arriving(asked(Task.WARM, within_s=0.6), TOPIC))
    reply, one = told(bus), asked(Task.WARM)
    assert one.fallback is not None
    assert (reply.text, reply.degraded) == (one.fallback.text, ("deadline",))


async def test_a_redelivered_turn_is_told_again_and_paid_once() -> None:
    bus, claims, provider = MemoryBus(), ListedClaims(), says("It is calm.")
    record = arriving(asked(), TOPIC)
    for _ in range(2):
        async with worker(bus, claims, provider) as step:
            await step(record)
    first, second = bus.records(topics.EGRESS)
    assert decode(Reply, first.value, first.headers) == decode(Reply, second.value, second.headers)
    assert len(provider.asked) == 1
    assert [one.seq for one in shown(bus)] == [0]
