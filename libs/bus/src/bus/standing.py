"""Where consumer groups stand: what they have committed, and what still waits for them."""

import asyncio
from types import TracebackType
from typing import NamedTuple, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from bus.address import Address
from bus.metadata import count_partitions
from bus.port import Unreachable

TIMEOUT_S = 2.0


class Standing(NamedTuple):
    """Sums over one topic's partitions: offsets committed, records not yet committed."""

    committed: int
    lag: int


class Standings:
    """Looks at groups without joining them. A watcher's tool: it never moves an offset."""

    def __init__(self, bootstrap: str) -> None:
        self._counts: dict[str, int] = {}
        self._bootstrap = bootstrap
        options = Address.parse(bootstrap).options | {"request_timeout_ms": 2_000}
        self._admin = AIOKafkaAdminClient(**options)
        self._consumer = AIOKafkaConsumer(**options)

    async def __aenter__(self) -> Self:
        await self._admin.start()
        await self._consumer.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._consumer.stop()
        await self._admin.close()

    async def of(self, group: str, topic: str) -> Standing | None:
        """Where a group stands on a topic; None while no broker, or no coordinator, answers."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return await self._standing(group, topic)
        except (KafkaError, TimeoutError, Unreachable):
            return None

    async def _standing(self, group: str, topic: str) -> Standing:
        numbers = await self._partitions(topic)
        places = [TopicPartition(topic, number) for number in numbers]
        ends = await self._consumer.end_offsets(places)
        begins = await self._consumer.beginning_offsets(places)
        offsets = await self._admin.list_consumer_group_offsets(group, partitions=places)
        # -1: nothing committed yet, so everything still waits.
        done = {p: max(offsets[p].offset, begins[p]) if p in offsets else begins[p] for p in places}
        return Standing(sum(done.values()), sum(max(0, ends[p] - done[p]) for p in places))

    async def _partitions(self, topic: str) -> range:
        """A consumer without a subscription knows no topic, so the brokers are asked, once."""
        if topic not in self._counts:
            self._counts[topic] = await count_partitions(self._bootstrap, topic)
        return range(self._counts[topic])
