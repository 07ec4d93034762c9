"""Publishes turns as a frontend and waits for their answers by the reader's rule."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bus.port import Bus, Consumer, Producer
from bus.record import Record
from devkit.frontend import Frontend
from events.preview import Preview
from events.reader import Reader
from events.reply import Reply
from events.topics import EGRESS, INGRESS, STREAM
from events.turn import Said
from events.wire import decode_keyed
from telemetry.messaging import send
from telemetry.trace import current_trace_id, trace_id_of, tracer

Key = tuple[str, str]


@dataclass(frozen=True)
class Answer:
    """A turn's reply, how long it took from before the publish until it was read, and its trace.

    `shown` are the pieces that were shown while a model wrote, `first_s` when the first one came.
    """

    reply: Reply
    took_s: float
    trace_id: str | None
    shown: tuple[str, ...] = ()
    first_s: float | None = None


@dataclass
class _Waiting:
    """A turn whose reply has not come."""

    began: float
    answer: "asyncio.Future[tuple[Reply, str | None]]"
    shown: tuple[str, ...] = ()
    first_s: float | None = None


class Conversation:
    """One frontend's way in and out. Open it with `conversing`."""

    def __init__(
        self, frontend: Frontend, producer: Producer, egress: Consumer, stream: Consumer
    ) -> None:
        self.frontend = frontend
        self._producer = producer
        self._egress = egress
        self._stream = stream
        self._rule = Reader()
        self._waiting: dict[Key, _Waiting] = {}

    async def say(self, said: Said, *, within_s: float = 25.0) -> Answer:
        """Publish a turn and wait for its answer. Raises TimeoutError after `within_s` seconds.

        The span opened here is the trace's root.
        """
        key = (said.session_id, said.turn_id)
        waiting = _Waiting(time.perf_counter(), asyncio.get_running_loop().create_future())
        self._waiting[key] = waiting
        try:
            with tracer.start_as_current_span("turn"):
                await send(self._producer, INGRESS, self.frontend.message(said))
                own_trace = current_trace_id()
            async with asyncio.timeout(within_s):
                reply, trace_id = await waiting.answer
        finally:
            del self._waiting[key]
        took = time.perf_counter() - waiting.began
        return Answer(reply, took, trace_id or own_trace, waiting.shown, waiting.first_s)

    async def read_replies(self) -> None:
        """Hand replies to whoever waits for them, until cancelled."""
        while True:
            for record in await self._egress.poll(timeout_s=0.5):
                self._reply(record)

    async def read_previews(self) -> None:
        """Note what is shown of the replies that are waited for, until cancelled."""
        while True:
            for record in await self._stream.poll(timeout_s=0.5):
                self._preview(record)

    def _reply(self, record: Record) -> None:
        reply = decode_keyed(Reply, record.key, record.value, record.headers)
        waiting = self._waiting.get((reply.session_id, reply.turn_id))
        if self._rule.reply(reply) and waiting and not waiting.answer.done():
            waiting.answer.set_result((reply, trace_id_of(record.headers)))

    def _preview(self, record: Record) -> None:
        preview = decode_keyed(Preview, record.key, record.value, record.headers)
        waiting = self._waiting.get((preview.session_id, preview.turn_id))
        shown = self._rule.preview(preview)
        if waiting is None or shown is None:
            return
        waiting.shown = tuple(shown)
        if waiting.first_s is None:
            waiting.first_s = time.perf_counter() - waiting.began


@asynccontextmanager
async def conversing(bus: Bus, frontend: Frontend) -> AsyncIterator[Conversation]:
    """A conversation that reads from now on."""
    async with AsyncExitStack() as stack:
        egress = await stack.enter_async_context(bus.tail(EGRESS))
        stream = await stack.enter_async_context(bus.tail(STREAM))
        producer = await stack.enter_async_context(bus.producer(frontend.name))
        conversation = Conversation(frontend, producer, egress, stream)
        reading = (
            asyncio.create_task(conversation.read_replies(), name="read-egress"),
            asyncio.create_task(conversation.read_previews(), name="read-stream"),
        )
        try:
            yield conversation
        finally:
            for task in reading:
                task.cancel()
            await asyncio.gather(*reading, return_exceptions=True)
