"""Publishes turns as a frontend and waits for their answers by the reader's rule."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bus.port import Bus, Consumer, Producer
from bus.record import Record
from devkit.frontend import Frontend
from events.reader import Reader
from events.reply import Reply
from events.topics import EGRESS, INGRESS
from events.turn import Said
from events.wire import decode_keyed
from telemetry.messaging import send
from telemetry.trace import current_trace_id, trace_id_of, tracer

Key = tuple[str, str]


@dataclass(frozen=True)
class Answer:
    """A turn's reply, how long it took from before the publish until it was read, and its trace."""

    reply: Reply
    took_s: float
    trace_id: str | None


class Conversation:
    """One frontend's way in and out. Open it with `conversing`."""

    def __init__(self, frontend: Frontend, producer: Producer, tail: Consumer) -> None:
        self.frontend = frontend
        self._producer = producer
        self._tail = tail
        self._rule = Reader()
        self._waiting: dict[Key, asyncio.Future[tuple[Reply, str | None]]] = {}

    async def say(self, said: Said, *, within_s: float = 25.0) -> Answer:
        """Publish a turn and wait for its answer. Raises TimeoutError after `within_s` seconds.

        The span opened here is the trace's root.
        """
        key = (said.session_id, said.turn_id)
        answer = asyncio.get_running_loop().create_future()
        self._waiting[key] = answer
        began = time.perf_counter()
        try:
            with tracer.start_as_current_span("turn"):
                await send(self._producer, INGRESS, self.frontend.message(said))
                own_trace = current_trace_id()
            async with asyncio.timeout(within_s):
                reply, trace_id = await answer
        finally:
            del self._waiting[key]
        return Answer(reply, time.perf_counter() - began, trace_id or own_trace)

    async def read(self) -> None:
        """Hand replies to whoever waits for them, until cancelled."""
        while True:
            for record in await self._tail.poll(timeout_s=0.5):
                self._take(record)

    def _take(self, record: Record) -> None:
        reply = decode_keyed(Reply, record.key, record.value, record.headers)
        answer = self._waiting.get((reply.session_id, reply.turn_id))
        if self._rule.reply(reply) and answer and not answer.done():
            answer.set_result((reply, trace_id_of(record.headers)))


@asynccontextmanager
async def conversing(bus: Bus, frontend: Frontend) -> AsyncIterator[Conversation]:
    """A conversation that reads from now on."""
    async with bus.tail(EGRESS) as tail, bus.producer(frontend.name) as producer:
        conversation = Conversation(frontend, producer, tail)
        reading = asyncio.create_task(conversation.read(), name="read-egress")
        try:
            yield conversation
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
