"""Order within a session, concurrency between sessions: one lane a key, a bounded number open."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field

from bus.record import Partition

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]


@dataclass(eq=False)
class _Lane:
    place: Partition
    queue: deque[Work] = field(default_factory=deque)
    held: int = 0
    task: asyncio.Task[None] | None = None


class Lanes:
    """Runs work of one key one after the other, of different keys at most `width` at once.

    At most `capacity` pieces of work are queued or running: `room` waits for a place, which is the
    backpressure on polling.
    """

    def __init__(self, width: int, capacity: int | None = None) -> None:
        self._gate = asyncio.Semaphore(width)
        self._capacity = capacity or width * 4
        self._lanes: dict[tuple[Partition, bytes], _Lane] = {}
        self._held = 0
        self._changed = asyncio.Event()

    @property
    def held(self) -> int:
        """Work queued or running."""
        return self._held

    def submit(self, key: bytes, place: Partition, work: Work) -> None:
        """Queue work behind what its key has already."""
        lane = self._lanes.get((place, key))
        if lane is None:
            lane = self._lanes[(place, key)] = _Lane(place)
        lane.queue.append(work)
        lane.held += 1
        self._held += 1
        if lane.task is None:
            lane.task = asyncio.create_task(self._drive(lane))
            lane.task.add_done_callback(lambda _: self._closed(key, lane))

    async def _drive(self, lane: _Lane) -> None:
        while lane.queue:
            async with self._gate:
                await self._one(lane, lane.queue.popleft())

    async def _one(self, lane: _Lane, work: Work) -> None:
        try:
            await work()
        except Exception:
            # Its offset stays unfinished: the partition's mark stops, and liveness tells.
            log.exception("the runtime failed on a record")
        finally:
            self._release(lane, 1)

    def _closed(self, key: bytes, lane: _Lane) -> None:
        """The lane's task has ended: empty, or cancelled with work left, maybe unstarted."""
        if self._lanes.get((lane.place, key)) is lane:
            del self._lanes[(lane.place, key)]
        left, lane.queue = lane.queue, deque()
        self._release(lane, lane.held)
        if left and not (lane.task and lane.task.cancelled()):
            for work in left:
                self.submit(key, lane.place, work)

    def _release(self, lane: _Lane, count: int) -> None:
        lane.held -= count
        self._held -= count
        self._changed.set()

    async def room(self, timeout_s: float) -> bool:
        """Wait until another piece of work may be submitted; False when the time is over first."""
        return await self._until(lambda: self._held < self._capacity, timeout_s)

    def drop(self, places: Collection[Partition]) -> None:
        """Cancel what is queued and running for partitions that are no longer ours."""
        for key, lane in list(self._lanes.items()):
            if lane.place in places:
                del self._lanes[key]
                if lane.task:
                    lane.task.cancel()

    async def idle(self, timeout_s: float) -> bool:
        """Wait until nothing is held; False when the time is over first."""
        return await self._until(lambda: not self._held, timeout_s)

    async def _until(self, reached: Callable[[], bool], timeout_s: float) -> bool:
        try:
            async with asyncio.timeout(timeout_s):
                while not reached():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True
