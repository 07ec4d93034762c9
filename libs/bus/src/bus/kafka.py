"""The bus on Apache Kafka, through aiokafka. docs/adr/0003 says why no transactions."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from bus.consuming import KafkaConsumer, group_consumer, tail_consumer
from bus.metadata import count_partitions
from bus.port import Listener
from bus.producing import KafkaProducer


class KafkaBus:
    """Opens producers and consumers on one cluster; `bootstrap` as `bus.address` writes it."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap

    @asynccontextmanager
    async def producer(
        self, name: str, *, cap_bytes: int = 256 * 1024
    ) -> AsyncIterator[KafkaProducer]:
        """As the port says."""
        producer = KafkaProducer(self._bootstrap, name, cap_bytes)
        await producer.start()
        try:
            yield producer
        finally:
            await producer.stop()

    @asynccontextmanager
    async def group(
        self, group: str, topic: str, listener: Listener
    ) -> AsyncIterator[KafkaConsumer]:
        """As the port says."""
        consumer = KafkaConsumer(group_consumer(self._bootstrap, group), grouped=True)
        consumer.subscribe(topic, listener)
        try:
            await consumer.start()
            yield consumer
        finally:
            await consumer.close()

    @asynccontextmanager
    async def tail(
        self, topic: str, partitions: Collection[int] | None = None, *, since_ms: int | None = None
    ) -> AsyncIterator[KafkaConsumer]:
        """As the port says."""
        numbers = range(await self.partitions(topic)) if partitions is None else partitions
        consumer = KafkaConsumer(tail_consumer(self._bootstrap))
        try:
            await consumer.start()
            await consumer.start_at(topic, numbers, since_ms)
            yield consumer
        finally:
            await consumer.close()

    async def partitions(self, topic: str) -> int:
        """As the port says."""
        return await count_partitions(self._bootstrap, topic)
