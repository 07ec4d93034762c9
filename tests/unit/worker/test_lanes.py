import asyncio
from functools import partial

from bus.record import Partition
from worker.lanes import Lanes

HERE, THERE = Partition("t", 0), Partition("t", 1)


async def test_one_key_runs_in_order_and_others_overtake() -> None:
    lanes, done = Lanes(4), []
    gate = asyncio.Event()

    async def work(name: str, wait: bool) -> None:
        if wait:
            await gate.wait()
        done.append(name)

    lanes.submit(b"slow", HERE, partial(work, "slow-1", True))
    lanes.submit(b"slow", HERE, partial(work, "slow-2", False))
    lanes.submit(b"fast", HERE, partial(work, "fast", False))
    await asyncio.sleep(0.01)
    assert done == ["fast"]
    gate.set()
    assert await lanes.idle(10)
    assert done == ["fast", "slow-1", "slow-2"]


async def test_width_bounds_what_runs_at_once() -> None:
    lanes, running, most = Lanes(3), 0, 0

    async def work() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1

    for number in range(20):
        lanes.submit(str(number).encode(), HERE, work)
    assert await lanes.idle(10)
    assert most == 3


async def test_room_waits_while_full() -> None:
    lanes, gate = Lanes(1, capacity=2), asyncio.Event()

    async def work() -> None:
        await gate.wait()

    lanes.submit(b"a", HERE, work)
    lanes.submit(b"b", HERE, work)
    waiting = asyncio.create_task(lanes.room(10))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    gate.set()
    assert await waiting


async def test_room_gives_up_in_time() -> None:
    lanes = Lanes(1, capacity=1)
    lanes.submit(b"a", HERE, partial(asyncio.sleep, 60))
    assert not await lanes.room(0.01)
    lanes.drop([HERE])
    assert await lanes.room(10)


async def test_dropping_a_partition_cancels_its_work_and_frees_its_places() -> None:
    lanes, done = Lanes(2), []

    async def work(name: str) -> None:
        await asyncio.sleep(0.05)
        done.append(name)

    for number in range(5):
        lanes.submit(f"lost-{number}".encode(), HERE, partial(work, "lost"))
        lanes.submit(b"lost-0", HERE, partial(work, "lost"))
    lanes.submit(b"kept", THERE, partial(work, "kept"))
    lanes.drop([HERE])
    assert await lanes.idle(10)
    assert done == ["kept"]
    assert lanes.held == 0


async def test_dropping_midway_leaves_nothing_held() -> None:
    lanes = Lanes(2)
    for number in range(6):
        lanes.submit(str(number).encode(), HERE, partial(asyncio.sleep, 60))
    await asyncio.sleep(0.01)
    lanes.drop([HERE])
    assert await lanes.idle(10)


async def test_a_failing_piece_of_work_does_not_stop_its_lane() -> None:
    lanes, done = Lanes(1), []

    async def bad() -> None:
        raise RuntimeError("a bug in the runtime")

    async def good() -> None:
        done.append("good")

    lanes.submit(b"k", HERE, bad)
    lanes.submit(b"k", HERE, good)
    assert await lanes.idle(10)
    assert done == ["good"]
