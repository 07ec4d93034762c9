"""Sends prepared messages into one topic and times each until its echo is read from another."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace

from bus.port import Bus, Consumer, Producer
from devkit.check.pace import percentile
from events.wire import Message

LATE_S = 30.0
TURN = "ce_turnid"


@dataclass(frozen=True)
class Trip:
    """When a turn was said, its first preview was read and its echo was: milliseconds since 1970,
    as far apart as a steady clock says."""

    said_ms: float
    told_ms: float
    shown_ms: float | None = None


@dataclass(frozen=True)
class Timings:
    """What one measurement saw: milliseconds from before the publish until the echo was read.

    `trips` are its turns by their id, where previews were watched.
    """

    took_ms: tuple[float, ...]
    seconds: float
    values: tuple[bytes, ...] = ()
    trips: Mapping[str, Trip] = field(default_factory=dict)

    @property
    def p50(self) -> float:
        """The median, in milliseconds."""
        return percentile(self.took_ms, 0.50)

    @property
    def p99(self) -> float:
        """The 99th percentile, in milliseconds."""
        return percentile(self.took_ms, 0.99)

    @property
    def rate(self) -> float:
        """Echoes a second."""
        return len(self.took_ms) / self.seconds


class Traffic:
    """One way in and one way out. Messages are told apart by their turn id."""

    def __init__(
        self, producer: Producer, tail: Consumer, topic: str, previews: Consumer | None = None
    ) -> None:
        self._producer = producer
        self._tail = tail
        self._topic = topic
        self._previews = previews
        self._waiting: dict[bytes, asyncio.Future[float]] = {}
        self._values: list[bytes] = []
        self._trips: dict[str, Trip] = {}
        self._shown: dict[str, float] = {}

    async def read(self) -> None:
        """Match echoes with what waits for them, until cancelled."""
        while True:
            for record in await self._tail.poll(limit=1000, timeout_s=0.5):
                echo = self._waiting.pop(record.headers.get(TURN, b""), None)
                if echo is not None and not echo.done():
                    self._values.append(record.value or b"")
                    echo.set_result(time.perf_counter())

    async def watch(self) -> None:
        """Note when the first preview of each turn is read, until cancelled."""
        while self._previews is not None:
            for record in await self._previews.poll(limit=1000, timeout_s=0.5):
                turn = record.headers.get(TURN, b"").decode()
                self._shown.setdefault(turn, time.perf_counter())

    async def one(self, message: Message) -> float:
        """Send one message; milliseconds until its echo. Raises TimeoutError after 30 s."""
        echo: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting[message.headers[TURN]] = echo
        began = time.perf_counter()
        async with asyncio.timeout(LATE_S):
            await self._producer.send(self._topic, message)
            told = await echo
        if self._previews is not None:
            trip = Trip(_since_1970(began), _since_1970(told))
            self._trips[message.headers[TURN].decode()] = trip
        return (told - began) * 1000

    async def steady(self, messages: Sequence[Message], rate: float) -> Timings:
        """Send at a steady rate, however long the echoes take."""
        self._values, self._trips = [], {}
        began, sending = time.perf_counter(), []
        for number, message in enumerate(messages):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            sending.append(asyncio.create_task(self.one(message)))
        took = await asyncio.gather(*sending)
        seconds = time.perf_counter() - began
        return Timings(tuple(took), seconds, tuple(self._values), self._watched())

    def _watched(self) -> Mapping[str, Trip]:
        shown = {turn: _since_1970(at) for turn, at in self._shown.items()}
        return {turn: replace(trip, shown_ms=shown.get(turn)) for turn, trip in self._trips.items()}

    async def closed(self, messages: Iterator[Message], in_flight: int, seconds: float) -> Timings:
        """Keep `in_flight` messages on their way for so long: each echo lets the next one go."""
        self._values = []
        began = time.perf_counter()
        took: list[float] = []

        async def one_after_the_other() -> None:
            while time.perf_counter() - began < seconds:
                took.append(await self.one(next(messages)))

        await asyncio.gather(*(one_after_the_other() for _ in range(in_flight)))
        return Timings(tuple(took), time.perf_counter() - began, tuple(self._values))


def _since_1970(at: float) -> float:
    """A moment of the steady clock as milliseconds since 1970."""
    return (time.time() - time.perf_counter() + at) * 1000


@asynccontextmanager
async def traffic(
    bus: Bus, into: str, out_of: str, *, previews: str | None = None
) -> AsyncIterator[Traffic]:
    """Traffic from one topic to another, reading from now on; `previews` names their topic."""
    async with AsyncExitStack() as stack:
        tail = await stack.enter_async_context(bus.tail(out_of))
        screen = await stack.enter_async_context(bus.tail(previews)) if previews else None
        producer = await stack.enter_async_context(bus.producer("bench"))
        way = Traffic(producer, tail, into, screen)
        reading = [
            asyncio.create_task(way.read(), name="read-echoes"),
            asyncio.create_task(way.watch(), name="read-previews"),
        ]
        try:
            yield way
        finally:
            for task in reading:
                task.cancel()
            await asyncio.gather(*reading, return_exceptions=True)
