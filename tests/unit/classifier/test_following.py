"""Reading `chat.control` and `chat.handoff` for ever: to the end first, and again after a fault."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager

import pytest
from suites.waiting import until

from bus.memory import MemoryBus, MemoryConsumer
from bus.port import Listener, Unreachable, Unsure
from bus.record import Partition, Record
from classifier import following, releasing
from classifier.controls import Controls
from events import topics
from events.context import Context
from events.control import Control, Kind
from events.handoff import Handoff, Step
from events.tier import Tier
from events.wire import Message, encode
from worker.clock import BrokerClock
from worker.handler import Unavailable

OFF = Control(kind=Kind.SWITCH, subject="llm", by="operator", value=0.0, expires_after_s=None)


class Shaky(MemoryBus):
    """A bus whose openings and polls fail as often as it is told."""

    def __init__(self) -> None:
        super().__init__(partitions=3)
        self.faults: list[Exception] = []
        self.openings = 0
        self.commits = 0

    def store(self, group: str, offsets: Mapping[Partition, int]) -> None:
        super().store(group, offsets)
        self.commits += 1

    def _opening(self) -> None:
        self.openings += 1
        if self.faults and isinstance(self.faults[0], Unreachable):
            raise self.faults.pop(0)

    @asynccontextmanager
    async def tail(
        self, topic: str, partitions: Collection[int] | None = None, *, since_ms: int | None = None
    ) -> AsyncIterator[MemoryConsumer]:
        self._opening()
        async with super().tail(topic, partitions, since_ms=since_ms) as consumer:
            yield self._shaken(consumer)

    @asynccontextmanager
    async def group(
        self, group: str, topic: str, listener: Listener
    ) -> AsyncIterator[MemoryConsumer]:
        self._opening()
        async with super().group(group, topic, listener) as consumer:
            yield self._shaken(consumer)

    def _shaken(self, consumer: MemoryConsumer) -> MemoryConsumer:
        poll = consumer.poll

        async def shaky(*, limit: int = 256, timeout_s: float = 0.5) -> list[Record]:
            if self.faults and not isinstance(self.faults[0], Unreachable):
                raise self.faults.pop(0)
            return await poll(limit=limit, timeout_s=timeout_s)

        consumer.poll = shaky  # type: ignore[method-assign]  # one instance, for one test
        return consumer


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Shaky:
    for module in (following, releasing):
        monkeypatch.setattr(module, "PAUSE_S", 0.01)
        monkeypatch.setattr(module, "POLL_S", 0.02)
    return Shaky()


async def send(bus: MemoryBus, topic: str, message: Message) -> int:
    async with bus.producer("test") as producer:
        return (await producer.send(topic, message)).timestamp_ms


async def test_switches_are_known_before_the_first_turn(bus: Shaky) -> None:
    await send(bus, topics.CONTROL, encode(OFF, "test"))
    controls = Controls(BrokerClock())
    async with following.following(bus, controls):
        assert controls.tier(Tier.LLM) == "switch:llm"


async def test_an_empty_topic_holds_nobody_up(bus: Shaky, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "FIRST_READ_S", 60.0)
    async with asyncio.timeout(10), following.following(bus, Controls(BrokerClock())):
        pass


@pytest.mark.parametrize(
    "fault", [Unreachable("no broker"), Unsure("polling failed"), RuntimeError("a surprise")]
)
async def test_reading_goes_on_after_a_fault(bus: Shaky, fault: Exception) -> None:
    controls = Controls(BrokerClock())
    async with following.following(bus, controls):
        bus.faults = [Unsure("gone"), fault, fault]
        await until(lambda: not bus.faults)
        await send(bus, topics.CONTROL, encode(OFF, "test"))
        await until(lambda: controls.tier(Tier.LLM) is not None)
    assert bus.openings >= 3


async def test_a_broker_that_is_away_keeps_nobody_from_starting(
    bus: Shaky, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "FIRST_READ_S", 0.05)
    bus.faults = [Unreachable("no broker") for _ in range(10_000)]
    controls = Controls(BrokerClock())
    async with asyncio.timeout(10), following.following(bus, controls):
        assert controls.tier(Tier.LLM) is None


class Table:
    """Releases in memory; away as long as it is told."""

    def __init__(self) -> None:
        self.kept: dict[str, int] = {}
        self.away = 0

    async def keep(self, session_id: str, released_ms: int) -> None:
        if self.away:
            self.away -= 1
            raise Unavailable("postgres")
        self.kept[session_id] = released_ms


def packet(session: str, step: Step) -> Message:
    handed = Handoff(
        session_id=session, turn_id="t", step=step, reason="asked", context=Context(), asked_at=1
    )
    return encode(handed, "desk")


async def test_releases_are_kept_with_the_brokers_stamp_and_nothing_else_is(bus: Shaky) -> None:
    table = Table()
    await send(bus, topics.HANDOFF, packet("s-1", Step.OPENED))
    await send(bus, topics.HANDOFF, Message(b"s-9", b"{", {}))
    async with releasing.releasing(bus, table):
        stamp = await send(bus, topics.HANDOFF, packet("s-2", Step.RELEASED))
        await until(lambda: bool(table.kept))
    assert table.kept == {"s-2": stamp}


async def test_what_was_kept_is_committed(bus: Shaky) -> None:
    await send(bus, topics.HANDOFF, packet("s-1", Step.RELEASED))
    first, second = Table(), Table()
    async with releasing.releasing(bus, first):
        await until(lambda: bus.commits)
    async with releasing.releasing(bus, second):
        await send(bus, topics.HANDOFF, packet("s-2", Step.RELEASED))
        await until(lambda: bool(second.kept))
    assert set(second.kept) == {"s-2"}


async def test_what_could_not_be_kept_is_read_again(bus: Shaky) -> None:
    table = Table()
    table.away = 2
    await send(bus, topics.HANDOFF, packet("s-1", Step.RELEASED))
    async with releasing.releasing(bus, table):
        await until(lambda: bool(table.kept))
    assert (set(table.kept), table.away) == ({"s-1"}, 0)
    assert bus.openings == 3


async def test_reading_releases_goes_on_after_a_fault(bus: Shaky) -> None:
    table = Table()
    bus.faults = [Unreachable("no broker"), Unsure("gone"), RuntimeError("a surprise")]
    async with releasing.releasing(bus, table):
        await send(bus, topics.HANDOFF, packet("s-1", Step.RELEASED))
        await until(lambda: bool(table.kept))
    assert not bus.faults
