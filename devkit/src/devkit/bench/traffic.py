"""Sends prepared messages into one topic and times each until its echo is read from another."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bus.port import Bus, Consumer, Producer
from devkit.check.pace import percentile
from events.wire import Message

LATE_S = 30.0
TURN = "ce_turnid"


@dataclass(frozen=True)
class Timings:
    """What one measurement saw: milliseconds from before the publish until the echo was read."""

    took_ms: tuple[float, ...]
    seconds: float
    values: tuple[bytes, ...] = ()

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

    def __init__(self, producer: Producer, tail: Consumer, topic: str) -> None:
        self._producer = producer
        self._tail = tail
        self._topic = topic
        self._waiting: dict[bytes, asyncio.Future[float]] = {}
        self._values: list[bytes] = []

    async def read(self) -> None:
        """Match echoes with what waits for them, until cancelled."""
        while True:
            for record in await self._tail.poll(limit=1000, timeout_s=0.5):
                echo = self._waiting.pop(record.headers.get(TURN, b""), None)
                if echo is not None and not echo.done():
                    self._values.append(record.value or b"")
                    echo.set_result(time.perf_counter())

    async def one(self, message: Message) -> float:
        """Send one message; milliseconds until its echo. Raises TimeoutError after 30 s."""
        echo: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting[message.headers[TURN]] = echo
        began = time.perf_counter()
        async with asyncio.timeout(LATE_S):
            await self._producer.send(self._topic, message)
            return (await echo - began) * 1000

    async def steady(self, messages: Sequence[Message], rate: float) -> Timings:
        """Send at a steady rate, however long the echoes take."""
        self._values = []
        began, sending = time.perf_counter(), []
        for number, message in enumerate(messages):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            sending.append(asyncio.create_task(self.one(message)))
        took = await asyncio.gather(*sending)
        return Timings(tuple(took), time.perf_counter() - began, tuple(self._values))

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


@asynccontextmanager
async def traffic(bus: Bus, into: str, out_of: str) -> AsyncIterator[Traffic]:
    """Traffic from one topic to another, reading from now on."""
    async with bus.tail(out_of) as tail, bus.producer("bench") as producer:
        way = Traffic(producer, tail, into)
        reading = asyncio.create_task(way.read(), name="read-echoes")
        try:
            yield way
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
