"""The loop on the bus in memory: commits what is finished, drains, says why it is not ready."""

import asyncio
from collections.abc import AsyncIterator, Sized
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from suites.people import PARTITIONS, said
from suites.waiting import until

import worker.loop
from bus.memory import MemoryBus, MemoryProducer
from bus.record import Record
from events.topics import INGRESS
from events.wire import encode
from worker.clock import BrokerClock
from worker.deadletter import Limit
from worker.lanes import Lanes
from worker.loop import Loop, Work, interleaved
from worker.outbox import Outbox
from worker.ownership import Ownership


@dataclass
class Running:
    bus: MemoryBus
    loop: Loop
    limit: Limit


@asynccontextmanager
async def started(bus: MemoryBus, work: Work) -> AsyncIterator[Running]:
    lanes, clock, limit = Lanes(8), BrokerClock(), Limit(most=2)
    owned = Ownership("test", lanes)
    async with bus.producer("out") as out, bus.group("test", INGRESS, owned) as consumer:
        owned.consumer = consumer
        outbox = Outbox("test", out, out, clock)
        yield Running(bus, Loop(work, consumer, owned, lanes, clock, limit, outbox), limit)


async def fill(bus: MemoryBus, count: int) -> None:
    for number in range(count):
        await bus.append(INGRESS, encode(said(session=f"s-{number}"), "test"))


async def reached(done: Sized, count: int) -> None:
    await until(lambda: len(done) >= count)


async def test_what_is_finished_is_committed_and_not_done_again() -> None:
    bus, done = MemoryBus(PARTITIONS), []

    async def work(record: Record) -> None:
        done.append((record.partition, record.offset))

    for count in (20, 40):
        await fill(bus, 20)
        async with started(bus, work) as running:
            task = asyncio.create_task(running.loop.run(10.0))
            await reached(done, count)
            running.loop.stopping.set()
            await task
        assert len(done) == len(set(done)) == count


async def test_a_stop_waits_for_what_runs_and_commits_it() -> None:
    bus, release, done = MemoryBus(PARTITIONS), asyncio.Event(), []
    begun = asyncio.Event()

    async def work(record: Record) -> None:
        begun.set()
        await release.wait()
        done.append(record.offset)

    await fill(bus, 1)
    async with started(bus, work) as running:
        task = asyncio.create_task(running.loop.run(30.0))
        await begun.wait()
        running.loop.stopping.set()
        await asyncio.sleep(0.05)
        assert not task.done()
        release.set()
        await task
    assert done == [0]


async def test_what_outlasts_the_drain_is_left_to_the_next_owner() -> None:
    bus, started_work = MemoryBus(PARTITIONS), []

    async def work(record: Record) -> None:
        started_work.append(record.offset)
        await asyncio.sleep(30)

    await fill(bus, 1)
    for count in (1, 2):
        async with started(bus, work) as running:
            task = asyncio.create_task(running.loop.run(0.05))
            await reached(started_work, count)
            running.loop.stopping.set()
            await task
    assert started_work == [0, 0]


async def nothing(record: Record) -> None:
    return None


async def test_a_member_of_its_group_is_ready() -> None:
    async with started(MemoryBus(PARTITIONS), nothing) as running:
        assert running.loop.unready() is None
    assert running.loop.unready() == "not yet a member of its group"


async def test_a_stopping_worker_is_not_ready() -> None:
    async with started(MemoryBus(PARTITIONS), nothing) as running:
        running.loop.stopping.set()
        assert running.loop.unready() == "stopping"


async def test_too_many_faults_of_our_own_are_the_reason() -> None:
    async with started(MemoryBus(PARTITIONS), nothing) as running:
        running.limit.count()
        running.limit.count()
        assert running.loop.unready() == "2 dead letters within 60 s"


async def test_a_broken_producer_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    async with started(MemoryBus(PARTITIONS), nothing) as running:
        monkeypatch.setattr(MemoryProducer, "healthy", False)
        assert running.loop.unready() == "a producer is being rebuilt"


async def test_work_that_stands_still_is_not_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker.loop, "STUCK_AFTER_S", 0.05)
    hang = asyncio.Event()

    async def work(record: Record) -> None:
        await hang.wait()

    bus = MemoryBus(PARTITIONS)
    await fill(bus, 1)
    async with started(bus, work) as running:
        task = asyncio.create_task(running.loop.run(1.0))
        assert running.loop.stuck() is None
        await until(running.loop.stuck)
        assert "1 in flight" in (running.loop.stuck() or "")
        hang.set()
        await until(lambda: running.loop.stuck() is None)
        running.loop.stopping.set()
        await task


def test_partitions_take_turns_and_each_keeps_its_order() -> None:
    places = [(0, 1), (0, 2), (0, 3), (1, 7), (2, 4), (2, 5)]
    polled = [Record("t", number, offset, 0, b"k", b"", {}) for number, offset in places]
    order = [(record.partition, record.offset) for record in interleaved(polled)]
    assert order == [(0, 1), (1, 7), (2, 4), (0, 2), (2, 5), (0, 3)]
