"""Reads replies and previews of this replica's partitions into the window and to the clients."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from bus.port import Bus, Consumer, Unreachable, Unsure
from bus.record import Record
from events.preview import Preview
from events.reply import Reply
from events.topics import EGRESS, STREAM
from events.wire import Undecodable, decode_keyed
from gateway.answer import answer, draft
from gateway.hub import Event, Hub
from gateway.ring import Ring
from gateway.window import MAX_AGE_MS, Kept, Position, Window
from telemetry.trace import trace_id_of
from worker.clock import BrokerClock

log = logging.getLogger(__name__)

PAUSE_S = 1.0
POLL_S = 0.5
CATCHING_UP_S = 0.05


def now_ms() -> int:
    """The time in milliseconds since the epoch, as the broker stamps records."""
    return int(time.time() * 1000)


class _Behind:
    """The partitions not yet read up to the time of opening."""

    def __init__(self, partitions: tuple[int, ...]) -> None:
        self._left = set(partitions)
        self._opened_ms = now_ms()

    async def note(self, records: list[Record], consumer: Consumer) -> bool:
        """Take a poll's records into account. True when nothing is behind any more."""
        for record in records:
            if record.timestamp_ms >= self._opened_ms:
                self._left.discard(record.partition)
        if self._left:
            lag = await consumer.lag()
            self._left -= {place.number for place, behind in lag.items() if behind == 0}
        return not self._left


class Egress:
    """The reader of one replica. `ready` once the partitions are read back up to now."""

    def __init__(self, bus: Bus, ring: Ring, window: Window, hub: Hub) -> None:
        self._bus = bus
        self._ring = ring
        self._window = window
        self._hub = hub
        self.ready = False

    async def run(self) -> None:
        """Read until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow(self._replies), name="read-replies")
            tasks.create_task(self._follow(self._previews), name="read-previews")

    async def _follow(self, read: Callable[[], Awaitable[None]]) -> None:
        """Read again from the start of the window whenever reading breaks."""
        while True:
            try:
                await read()
            except (Unreachable, Unsure) as away:
                log.warning("reading stopped: %s. It starts again in %s s", away, PAUSE_S)
            except Exception:
                log.exception("reading failed. It starts again in %s s", PAUSE_S)
            self.ready = False
            await asyncio.sleep(PAUSE_S)

    async def _replies(self) -> None:
        since_ms = now_ms() - MAX_AGE_MS
        async with self._bus.tail(EGRESS, self._ring.mine, since_ms=since_ms) as consumer:
            behind, clock = _Behind(self._ring.mine), BrokerClock()
            records: list[Record] = []
            while True:
                self.ready = self.ready or await behind.note(records, consumer)
                records = await consumer.poll(timeout_s=POLL_S if self.ready else CATCHING_UP_S)
                for record in records:
                    clock.saw(record.timestamp_ms)
                    self._reply(record)
                if (now := clock.now_ms()) is not None:
                    self._window.forget(now)

    async def _previews(self) -> None:
        async with self._bus.tail(STREAM, self._ring.mine) as consumer:
            while True:
                for record in await consumer.poll():
                    self._preview(record)

    def _reply(self, record: Record) -> None:
        try:
            reply = decode_keyed(Reply, record.key, record.value, record.headers)
        except Undecodable as error:
            log.warning("%s-%s is no reply: %s", record.place, record.offset, error)
            return
        position = Position(record.partition, record.offset)
        kept = Kept(position, answer(reply, trace_id_of(record.headers)).model_dump_json())
        if self._window.reply(reply, kept, record.timestamp_ms):
            self._hub.publish(reply.session_id, Event("reply", kept.data, str(position)))

    def _preview(self, record: Record) -> None:
        try:
            preview = decode_keyed(Preview, record.key, record.value, record.headers)
        except Undecodable as error:
            log.warning("%s-%s is no preview: %s", record.place, record.offset, error)
            return
        sentences = self._window.preview(preview, record.timestamp_ms)
        if sentences is not None:
            data = draft(preview, sentences).model_dump_json()
            self._hub.publish(preview.session_id, Event("preview", data))
