"""One life of the faust app: records become entries, entries are booked, offsets committed."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from faust.types import TP

from events.reply import Reply
from events.topics import EGRESS
from events.wire import Undecodable, decode_keyed
from ledger.app import create_app
from ledger.book import Place, entry_of
from ledger.figures import WINDOWS, share_without_model
from ledger.live import KEPT_S, Live
from ledger.metrics import Metrics
from ledger.positions import Positions
from ledger.repository import Repository
from ledger.settings import Settings
from ledger.writer import Taken, Writer, Written
from playbook.price import PriceList
from worker.handler import Unavailable

log = logging.getLogger(__name__)

COMMIT_S = 0.5
STOP_S = 5.0


class Reading:
    """Reads `chat.egress` from where its group stands until it is told to stop, or fails."""

    def __init__(
        self, settings: Settings, repository: Repository, metrics: Metrics, prices: PriceList
    ) -> None:
        self._settings = settings
        self._repository = repository
        self._metrics = metrics
        self._prices = prices
        self._app, topic = create_app(settings.kafka)
        self.live = Live(self._app)
        self._positions = Positions()
        self._writer = Writer(repository.book, self._told, self._positions, settings.batch)
        self._failed = asyncio.Event()
        self._ending = False
        self._why = "nothing is assigned yet"
        self._assigned = False
        self._app.agent(topic, name="booking")(self._agent)
        self._app.on_partitions_assigned.connect(self._on_assigned)

    @property
    def unready(self) -> str | None:
        """Why nothing is booked, None when all is well."""
        return self._why if not self._assigned else self._writer.away

    async def run(self, stop: asyncio.Event) -> None:
        """Read until `stop` or a failure: then book what was read, commit, leave the group."""
        async with self._working():
            await self._refill()
            async with self._reading():
                await self._until(stop)
                await self._finished()

    # -- what faust calls

    async def _agent(self, stream: Any) -> None:
        async for event in stream.events():
            message = event.message
            if not self._positions.read(message.partition, message.offset):
                self._fail(f"records before offset {message.offset} were left out")
            if self._ending:
                await asyncio.Event().wait()
            await self._writer.take(self._taken(message))

    async def _on_assigned(self, *_: Any, **__: Any) -> None:
        self._positions.assigned()
        self._assigned = True

    def _taken(self, message: Any) -> Taken:
        """A record as an entry. One that is no reply is counted, logged and left out."""
        place = Place(message.partition, message.offset, round(message.timestamp * 1000))
        try:
            headers = dict(message.headers or {})
            reply = decode_keyed(Reply, message.key, message.value, headers)
            return Taken(place, entry_of(reply, place, self._prices))
        except Undecodable as broken:
            self._metrics.unreadable(broken.reason)
            log.warning("offset %d of partition %d: %s", place.offset, place.partition, broken)
        return Taken(place, None)

    # -- what was read

    def _told(self, written: Written) -> None:
        self.live.count(written.new)
        self._metrics.written(written)

    async def _commit(self) -> None:
        """Commit what is booked. Raises nothing: a failed commit is made good by the next one."""
        due = self._positions.due()
        if not due:
            return
        offsets = {TP(EGRESS, partition): offset for partition, offset in due.items()}
        # faust's own commit keeps books of acknowledgements; this is the call beneath it.
        if await self._app.consumer._commit(offsets):
            self._positions.committed(due)

    async def _committing(self) -> None:
        while True:
            await asyncio.sleep(COMMIT_S)
            await self._commit()
            share = share_without_model(self.live.over(WINDOWS["5m"]))
            self._metrics.stands(lag=self._lag(), share_without_model=share)

    def _lag(self) -> int:
        """Records on the topic that are not in the books yet, as far as the broker has told."""
        consumer, waiting = self._app.consumer, 0
        for place in consumer.assignment():
            top, at = consumer.highwater(place), self._positions.at(place.partition)
            waiting += max((top or 0) - at, 0) if at is not None else 0
        return waiting

    # -- its life

    @asynccontextmanager
    async def _working(self) -> AsyncIterator[None]:
        writing = asyncio.create_task(self._writer.run(), name="writing")
        writing.add_done_callback(self._ended)
        try:
            yield
        finally:
            writing.cancel()
            await asyncio.wait((writing,))

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[None]:
        committing = asyncio.create_task(self._committing(), name="committing")
        committing.add_done_callback(self._ended)
        try:
            await self._app.start()
            await self._app.add_runtime_dependency(self.live.table)
            yield
        finally:
            committing.cancel()
            await asyncio.wait((committing,))
            with suppress(TimeoutError):
                async with asyncio.timeout(STOP_S):
                    await self._app.stop()

    async def _until(self, stop: asyncio.Event) -> None:
        ends = (stop.wait(), self._failed.wait(), self._app.wait_until_stopped())
        tasks = [asyncio.ensure_future(end) for end in ends]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        if not stop.is_set():
            log.error("reading ended: %s", self._app.crash_reason or self._why)

    async def _finished(self) -> None:
        """Book what was read, within the grace. What is left is read again after a restart."""
        self._ending, self._assigned, self._why = True, False, "stopping"
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.drain_s):
                await self._writer.drained()
        if not self._app.crashed:
            with suppress(TimeoutError):
                async with asyncio.timeout(STOP_S / 2):
                    await self._commit()

    async def _refill(self) -> None:
        """Fill the windows from the books: what was booked before this life."""
        try:
            self.live.add(await self._repository.recent(KEPT_S))
        except Unavailable as away:
            log.warning("the windows begin empty: %s", away)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (failure := task.exception()):
            log.error("%s failed", task.get_name(), exc_info=failure)
            self._fail(f"{task.get_name()} failed: {failure!r}")

    def _fail(self, why: str) -> None:
        self._why, self._ending = why, True
        self._failed.set()
