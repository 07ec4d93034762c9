"""The one loop that polls: records into lanes, marks into commits, until told to stop."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from itertools import zip_longest

from bus.port import Consumer, Unsure
from bus.record import Partition, Record
from telemetry import metrics
from telemetry.names import Attribute
from worker.clock import BrokerClock
from worker.deadletter import Limit
from worker.lanes import Lanes
from worker.outbox import Outbox
from worker.ownership import Ownership

log = logging.getLogger(__name__)

Work = Callable[[Record], Awaitable[None]]

COMMIT_EVERY_S = 0.2
POLL_S = 0.2
LOOP_TICK_S = 0.25
GAUGE_EVERY_S = 5.0
STUCK_AFTER_S = 60.0


def interleaved(records: list[Record]) -> Iterator[Record]:
    """The records, partitions taking turns: none waits for another's backlog after a standstill.

    Each partition keeps its order.
    """
    by_place: dict[Partition, list[Record]] = {}
    for record in records:
        by_place.setdefault(record.place, []).append(record)
    for row in zip_longest(*by_place.values()):
        yield from (record for record in row if record is not None)


class Loop:
    """Polls for one member of a group."""

    def __init__(
        self,
        step: Work,
        consumer: Consumer,
        owned: Ownership,
        lanes: Lanes,
        clock: BrokerClock,
        limit: Limit,
        outbox: Outbox,
    ) -> None:
        self._step = step
        self._consumer = consumer
        self._owned = owned
        self._lanes = lanes
        self._clock = clock
        self._limit = limit
        self._outbox = outbox
        self.stopping = asyncio.Event()
        self._moved_at = time.monotonic()
        self._broken: str | None = None

    async def run(self, drain_s: float) -> float:
        """Work until `stopping` is set, then drain, commit and return.

        What is returned is the event loop's time at which `drain_s` are over: a rebalance in
        between ends the drain early, and what the revoke did not cut may have the rest.
        """
        async with asyncio.TaskGroup() as group:
            chores = [
                group.create_task(self._commits()),
                group.create_task(self._ticks()),
                group.create_task(self._gauges()),
            ]
            await self._polls()
            until = asyncio.get_running_loop().time() + drain_s
            if not await self._lanes.idle(drain_s):
                log.warning("%d turns are left to the next owner", self._lanes.held)
                self._lanes.drop(self._owned.places)
            for chore in chores:
                chore.cancel()
        await self._owned.commit()
        return until

    async def _polls(self) -> None:
        while not self.stopping.is_set():
            if self._limit.tripped:
                await asyncio.sleep(POLL_S)
                continue
            if not await self._lanes.room(POLL_S):
                continue
            for record in interleaved(await self._polled()):
                self._take(record)

    async def _polled(self) -> list[Record]:
        try:
            return await self._consumer.poll(timeout_s=POLL_S)
        except Unsure as unsure:
            log.warning("%s", unsure)
            await asyncio.sleep(POLL_S)
            return []

    def _take(self, record: Record) -> None:
        tracker = self._owned.tracker(record.place)
        if tracker is None:
            return
        self._clock.saw(record.timestamp_ms)
        tracker.delivered(record.offset)
        if not self._lanes.held:
            self._moved_at = time.monotonic()
        metrics.consumed.add(1, {Attribute.DESTINATION: record.topic})
        work = partial(self._worked, record, tracker.finished)
        self._lanes.submit(record.key or b"", record.place, work)

    async def _worked(self, record: Record, finished: Callable[[int], None]) -> None:
        try:
            await self._step(record)
        except Exception as error:
            # Its offset stays open, and with it the partition's mark: only a restart mends that.
            self._broken = f"the runtime failed on {record.place} offset {record.offset}: {error!r}"
            raise
        finished(record.offset)
        self._moved_at = time.monotonic()

    async def _commits(self) -> None:
        while True:
            await asyncio.sleep(COMMIT_EVERY_S)
            await self._owned.commit()

    async def _ticks(self) -> None:
        """Measure how late the event loop runs: a blocked loop is expelled from its group."""
        while True:
            before = time.monotonic()
            await asyncio.sleep(LOOP_TICK_S)
            metrics.loop_lag.record(max(time.monotonic() - before - LOOP_TICK_S, 0.0))

    async def _gauges(self) -> None:
        while True:
            metrics.in_flight.set(self._lanes.held)
            try:
                lags = await self._consumer.lag()
            except Exception:  # a rebalance in between: a gauge must not end the loop
                log.exception("the lag cannot be read")
                lags = {}
            for place, behind in lags.items():
                metrics.lag.set(behind, {Attribute.PARTITION: str(place.number)})
            await asyncio.sleep(GAUGE_EVERY_S)

    def stuck(self) -> str | None:
        """Why the worker is not alive: work in flight and no offset finished for a minute."""
        if self._broken:
            return self._broken
        if self._lanes.held and time.monotonic() - self._moved_at > STUCK_AFTER_S:
            return f"no record finished for {STUCK_AFTER_S:.0f} s with {self._lanes.held} in flight"
        return None

    def unready(self) -> str | None:
        """Why the worker takes no turns, if so."""
        if self._limit.tripped or self.stopping.is_set():
            return self._limit.tripped or "stopping"
        if not self._outbox.healthy:
            return "a producer is being rebuilt"
        return None if self._owned.joined else "not yet a member of its group"
