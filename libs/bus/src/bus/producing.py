"""The Kafka producer: idempotent, acknowledged by all, capped in size, rebuilt when it breaks."""

import asyncio
import logging
import time
from collections.abc import Awaitable
from contextlib import suppress

from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    KafkaError,
    MessageSizeTooLargeError,
    OutOfOrderSequenceNumber,
    ProducerFenced,
    UnknownProducerId,
)
from aiokafka.structs import RecordMetadata

from bus.address import Address
from bus.port import TooLarge, Unreachable, Unsure
from bus.record import Receipt
from bus.size import check_size
from events.wire import Message

log = logging.getLogger(__name__)

BROKEN = (OutOfOrderSequenceNumber, UnknownProducerId, ProducerFenced)
"""After one of these every later send to that partition fails: only a new producer helps."""

CLOSE_TIMEOUT_S = 3.0
REBUILD_PAUSE_S = 0.5


def _watch(future: asyncio.Future[RecordMetadata]) -> None:
    """See the outcome of a send that nobody waits for any more."""
    if not future.cancelled() and (error := future.exception()):
        log.warning("a send that had timed out failed: %r", error)


class KafkaProducer:
    """One connection to the brokers. Open it with `start`, close it with `stop`."""

    def __init__(self, bootstrap: str, name: str, cap_bytes: int) -> None:
        self._address = Address.parse(bootstrap)
        self._name = name
        self._cap = cap_bytes
        self._kafka: AIOKafkaProducer | None = None
        self._ready = asyncio.Event()
        self._rebuilding: asyncio.Task[None] | None = None

    @property
    def healthy(self) -> bool:
        """Whether sends go to a working producer."""
        return self._ready.is_set()

    def _new(self) -> AIOKafkaProducer:
        return AIOKafkaProducer(
            **self._address.options,
            client_id=self._name,
            enable_idempotence=True,
            acks="all",
            linger_ms=0,
            max_request_size=self._cap + 64 * 1024,
            request_timeout_ms=10_000,
            retry_backoff_ms=50,
        )

    async def start(self) -> None:
        """Connect. Raises Unreachable when no broker answers."""
        self._kafka = self._new()
        try:
            await self._kafka.start()
        except KafkaError as error:
            await self._close(self._kafka)
            raise Unreachable(f"no broker answers at {self._address.hosts}: {error!r}") from error
        self._ready.set()

    async def stop(self) -> None:
        """Flush and close within three seconds, also while the broker is away."""
        self._ready.clear()
        if self._rebuilding:
            self._rebuilding.cancel()
        if self._kafka:
            await self._close(self._kafka)

    async def _close(self, kafka: AIOKafkaProducer) -> None:
        # stop() waits for pending batches for ever while the broker is away.
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await kafka.stop()
        except TimeoutError:
            log.warning("producer %s closed with sends pending: they may be lost", self._name)
            with suppress(TimeoutError, KafkaError):
                async with asyncio.timeout(CLOSE_TIMEOUT_S):
                    await kafka.client.close()

    async def send(self, topic: str, message: Message, *, timeout_s: float = 10.0) -> Receipt:
        """As the port says."""
        check_size(topic, message, self._cap)
        deadline = time.monotonic() + timeout_s
        try:
            async with asyncio.timeout(timeout_s):
                await self._ready.wait()
                future = await self._enqueue(topic, message)
        except TimeoutError as error:
            raise Unsure(f"no broker took the message for {topic} within {timeout_s} s") from error
        except KafkaError as error:
            raise self._failure(topic, error) from error
        return await self._acknowledged(topic, future, deadline - time.monotonic())

    def _enqueue(self, topic: str, message: Message) -> Awaitable[asyncio.Future[RecordMetadata]]:
        assert self._kafka is not None
        headers = list(message.headers.items())
        sending: Awaitable[asyncio.Future[RecordMetadata]] = self._kafka.send(
            topic, value=message.value, key=message.key or None, headers=headers
        )
        return sending

    async def _acknowledged(
        self, topic: str, future: asyncio.Future[RecordMetadata], left_s: float
    ) -> Receipt:
        # The future belongs to the producer's batch: waiting must not cancel it.
        done, _ = await asyncio.wait((future,), timeout=max(left_s, 0.0))
        if not done:
            future.add_done_callback(_watch)
            raise Unsure(f"no acknowledgement for {topic} in time: it may still be stored")
        try:
            stored = future.result()
        except KafkaError as error:
            raise self._failure(topic, error) from error
        return Receipt(stored.partition, stored.offset, stored.timestamp or 0)

    def _failure(self, topic: str, error: KafkaError) -> Exception:
        if isinstance(error, MessageSizeTooLargeError):
            return TooLarge(f"the broker's limit for {topic} is lower than the cap: {error}")
        if isinstance(error, BROKEN):
            self._rebuild()
        return Unsure(f"sending to {topic} failed: {error!r}")

    def _rebuild(self) -> None:
        if self._ready.is_set():
            self._ready.clear()
            self._rebuilding = asyncio.create_task(self._replaced(), name="rebuild-producer")

    async def _replaced(self) -> None:
        """Build a new producer, again and again until one starts."""
        broken = self._kafka
        while not self._ready.is_set():
            try:
                await self.start()
            except Unreachable as error:
                log.warning("rebuilding producer %s failed: %r", self._name, error)
                await asyncio.sleep(REBUILD_PAUSE_S)
        log.info("producer %s was rebuilt", self._name)
        if broken:
            await self._close(broken)
