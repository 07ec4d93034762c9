"""A whole line of workers over the bus in memory: the real handlers and the runtime's step."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial

from suites.listed_returns import ListedReturns
from suites.people import PARTITIONS, ListedRows, key_of
from suites.posteriors import limits
from suites.reference_shop import shop

import classifier.desk
import classifier.handler
import order.desk
import order.handler
import template.desk
import template.handler
from bus.memory import MemoryBus
from bus.record import Partition, Record
from classifier.controls import Controls
from classifier.releases import without_released
from events import topics
from events.envelope import Identity
from events.handoff import Handoff
from events.handoff import Step as Handing
from events.reply import Reply
from events.task import Task
from events.tier import Tier
from events.turn import Said, Turn
from events.wire import decode, encode
from order.facts import Found
from order.repository import Wanted
from order.returns.facts import Opened, Shelf
from order.returns.wish import Wish
from telemetry import messaging
from worker.clock import BrokerClock
from worker.deadletter import Limit
from worker.handler import Handler, Unavailable
from worker.ingress import Ingress
from worker.marks import PublishedMarks
from worker.outbox import Outbox
from worker.retry import Limits
from worker.step import Step, tier_intake
from worker.throttle import Throttle


@dataclass
class ListedOrders:
    """Orders by customer, as `order.handler.Orders` promises."""

    found: Mapping[str, Found]
    returns: ListedReturns

    async def look_up_returns(self, turn: Turn, identity: Identity, asked_for: str | None) -> Shelf:
        return await self.returns.look_up_returns(turn, identity, asked_for)

    async def open_return(
        self, turn: Turn, identity: Identity, wish: Wish, days: int
    ) -> Opened | None:
        return await self.returns.open_return(turn, identity, wish, days)

    async def look_up(self, turn: Turn, identity: Identity, use_case: str, want: Wanted) -> Found:
        mine = self.found[identity.customer_id or ""]
        if want.order_id is None:
            return mine
        named = tuple(one for one in mine.orders if one.order_id == want.order_id)
        return mine.model_copy(update={"orders": named})


@dataclass
class PostedReleases:
    """Releases as they stand on the desk's topic: what `classifier.releasing` keeps in Postgres."""

    bus: MemoryBus
    away: bool = False

    async def released_ms(self, session_id: str) -> int | None:
        if self.away:
            raise Unavailable("postgres")
        found = [
            record.timestamp_ms
            for record in self.bus.records(topics.HANDOFF)
            if decode(Handoff, record.value, record.headers).step is Handing.RELEASED
            and record.key == session_id.encode()
        ]
        return max(found, default=None)


@dataclass
class Line:
    """Says turns, lets every worker work until nothing is left, and shows what came of it."""

    bus: MemoryBus
    rows: ListedRows
    steps: Mapping[str, Step]
    releases: PostedReleases
    read: dict[Partition, int] = field(default_factory=dict)

    async def send(self, said: Said) -> None:
        """Publish a turn and let everybody work."""
        async with self.bus.producer("web") as producer:
            await messaging.send(producer, topics.INGRESS, encode(said, "web"))
        await self.work()

    async def release(self, packet: Handoff) -> None:
        """Give a session back to the bot, as the desk does."""
        # A hand-off and its release within a millisecond would not be told apart.
        await asyncio.sleep(0.002)
        over = packet.model_copy(update={"step": Handing.RELEASED})
        async with self.bus.producer("desk") as producer:
            await producer.send(topics.HANDOFF, encode(over, "desk"))

    async def say(self, said: Said) -> Reply:
        """The reply to a turn; it is the only one of that turn."""
        await self.send(said)
        (reply,) = [one for one in self.replies() if one.turn_id == said.turn_id]
        return reply

    async def work(self) -> None:
        """Carry every record through, topic by topic, until none is new."""
        moved = True
        while moved:
            moved = False
            for topic, step in self.steps.items():
                for record in self._new(topic):
                    await step(record)
                    await step.marks.flush()
                    moved = True

    def _new(self, topic: str) -> list[Record]:
        unread = [r for r in self.bus.records(topic) if r.offset >= self.read.get(r.place, 0)]
        self.read |= {record.place: record.offset + 1 for record in unread}
        return unread

    def replies(self) -> list[Reply]:
        """Everything on egress, decoded."""
        found = self.bus.records(topics.EGRESS)
        return [decode(Reply, record.value, record.headers) for record in found]

    def routed(self, tier: Tier) -> list[Turn]:
        """Everything that was routed to a tier, decoded."""
        found = self.bus.records(topics.tier_topic(tier))
        return [decode(Turn, record.value, record.headers) for record in found]

    def packets(self) -> list[Handoff]:
        """Everything on the desk's topic, decoded, by time."""
        found = sorted(self.bus.records(topics.HANDOFF), key=lambda one: one.timestamp_ms)
        return [decode(Handoff, record.value, record.headers) for record in found]

    def reasons(self) -> list[str]:
        """Why records were dead-lettered."""
        return [r.headers["dlq_reason"].decode() for r in self.bus.records(topics.DLQ)]


async def _no_model(turn: Turn) -> Reply:
    """What is asked to be warmed goes out as it is, as while no model is to be had."""
    if turn.task is not Task.WARM or turn.fallback is None:
        raise Unavailable("model")
    return turn.fallback


@asynccontextmanager
async def opened(
    ask: classifier.model.Ask, orders: Mapping[str, Found], returns: ListedReturns | None = None
) -> AsyncIterator[Line]:
    """A line with classifier, template and order; `ask` stands for the model."""
    bus, rows, clock = MemoryBus(PARTITIONS), ListedRows(), BrokerClock()
    async with bus.producer("out") as out, bus.producer("dead", cap_bytes=2 << 20) as dead:

        def step(service: str, handle: Handler) -> Step:
            door = service == "classifier"
            return Step(
                service=service,
                intake=Ingress(rows, key_of, Throttle(lambda _: None), PARTITIONS)
                if door
                else tier_intake,
                handle=handle,
                rows=rows,
                marks=PublishedMarks(rows),
                outbox=Outbox(service, out, dead, clock),
                clock=clock,
                apologies=shop().apologies,
                limits=Limits(),
                dead_limit=Limit(),
                poison_counts=not door,
            )

        desk = classifier.desk.Desk(shop(), ask, limits(), Controls(clock))
        decide = partial(classifier.handler.handle, desk=desk)
        tell = partial(template.handler.handle, desk=template.desk.Desk(shop()))
        look_up = partial(
            order.handler.handle,
            orders=ListedOrders(orders, returns or ListedReturns()),
            desk=order.desk.Desk(shop()),
            key_of=key_of,
        )
        releases = PostedReleases(bus)
        prepare = partial(without_released, releases=releases)
        steps = {
            topics.INGRESS: replace(step("classifier", decide), prepare=prepare),
            topics.tier_topic(Tier.TEMPLATE): step("template", tell),
            topics.tier_topic(Tier.ORDER): step("order", look_up),
            topics.tier_topic(Tier.LLM): step("llm", _no_model),
        }
        yield Line(bus, rows, steps, releases)
