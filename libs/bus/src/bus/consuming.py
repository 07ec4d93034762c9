"""The Kafka consumer: bytes in, offsets committed by hand, no exception lost in a callback."""

import asyncio
import logging
from collections.abc import Collection, Iterable, Mapping

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from bus.address import Address
from bus.port import Listener, NotMine, Unreachable, Unsure
from bus.record import Partition, Record
from bus.unreadable import Places

log = logging.getLogger(__name__)

CLOSE_TIMEOUT_S = 3.0
COMMIT_TIMEOUT_S = 5.0

SESSION_TIMEOUT_MS = 6_000
"""The availability figure: how long the partitions of a killed worker stand still."""


def _partitions(found: Iterable[TopicPartition]) -> list[Partition]:
    return [Partition(item.topic, item.partition) for item in found]


def _record(raw: ConsumerRecord) -> Record:
    headers = {name: value or b"" for name, value in raw.headers}
    return Record(raw.topic, raw.partition, raw.offset, raw.timestamp, raw.key, raw.value, headers)


class _Callbacks(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka ships no types
    """Hands rebalances on; aiokafka swallows what a listener raises, so it is logged here."""

    def __init__(self, listener: Listener, places: Places) -> None:
        self._listener = listener
        self._places = places

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        self._places.forget()
        try:
            await self._listener.assigned(_partitions(assigned))
        except Exception:
            log.exception("the listener failed on assignment")

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        try:
            await self._listener.revoked(_partitions(revoked))
        except Exception:
            log.exception("the listener failed on revocation")


def group_consumer(bootstrap: str, group: str) -> AIOKafkaConsumer:
    """A consumer as every worker has it; docs/adr/0003 says why these values."""
    return AIOKafkaConsumer(
        **Address.parse(bootstrap).options,
        client_id=group,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        partition_assignment_strategy=(RangePartitionAssignor,),
        session_timeout_ms=SESSION_TIMEOUT_MS,
        heartbeat_interval_ms=1_000,
        rebalance_timeout_ms=15_000,
        max_poll_interval_ms=120_000,
        fetch_max_wait_ms=50,
        max_partition_fetch_bytes=2 << 20,
        retry_backoff_ms=50,
    )


def tail_consumer(bootstrap: str) -> AIOKafkaConsumer:
    """A consumer of assigned partitions, without a group."""
    return AIOKafkaConsumer(
        **Address.parse(bootstrap).options,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=50,
        max_partition_fetch_bytes=2 << 20,
        retry_backoff_ms=50,
    )


class KafkaConsumer:
    """Reads through one aiokafka consumer that its opener has started."""

    def __init__(self, kafka: AIOKafkaConsumer, *, grouped: bool = False) -> None:
        self._kafka = kafka
        self._places = Places(kafka, grouped=grouped)

    async def start(self) -> None:
        """Connect. Raises Unreachable when no broker answers."""
        try:
            await self._kafka.start()
        except KafkaError as error:
            raise Unreachable(f"no broker answers: {error!r}") from error

    def subscribe(self, topic: str, listener: Listener) -> None:
        """Join the group for a topic."""
        self._kafka.subscribe([topic], listener=_Callbacks(listener, self._places))

    async def poll(self, *, limit: int = 256, timeout_s: float = 0.5) -> list[Record]:
        """As the port says."""
        try:
            found = await self._kafka.getmany(timeout_ms=int(timeout_s * 1000), max_records=limit)
        except KafkaError as error:
            raise Unsure(f"polling failed: {error!r}") from error
        except UnicodeDecodeError:
            log.warning("a record cannot be unpacked: reading one at a time around it")
            return [self._seen(each) async for each in self._places.one_each()]
        return [self._seen(raw) for batch in found.values() for raw in batch]

    def _seen(self, found: ConsumerRecord | Record) -> Record:
        if isinstance(found, Record):
            return found
        self._places.saw(found)
        return _record(found)

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        """As the port says."""
        raw = {TopicPartition(*place): offset for place, offset in offsets.items()}
        try:
            async with asyncio.timeout(COMMIT_TIMEOUT_S):
                await self._kafka.commit(raw)
        except (CommitFailedError, IllegalStateError) as error:
            raise NotMine(str(error)) from error
        except (TimeoutError, KafkaError) as error:
            raise Unsure(f"the commit may not be stored: {error!r}") from error

    async def seek(self, offsets: Mapping[Partition, int]) -> None:
        """As the port says."""
        self._places.forget()
        for place, offset in offsets.items():
            self._kafka.seek(TopicPartition(*place), offset)

    async def lag(self) -> dict[Partition, int]:
        """As the port says."""
        lags: dict[Partition, int] = {}
        for item in self._kafka.assignment():
            if (end := self._kafka.highwater(item)) is not None:
                behind = end - await self._kafka.position(item)
                lags[Partition(item.topic, item.partition)] = max(behind, 0)
        return lags

    async def start_at(self, topic: str, partitions: Collection[int], since_ms: int | None) -> None:
        """Assign partitions of a topic and stand at a time (broker time in milliseconds)."""
        places = [TopicPartition(topic, number) for number in partitions]
        self._kafka.assign(places)
        if since_ms is None:
            await self._kafka.seek_to_end(*places)
        elif since_ms <= 0:
            await self._kafka.seek_to_beginning(*places)
        else:
            await self._seek_to_time(places, since_ms)

    async def _seek_to_time(self, places: list[TopicPartition], since_ms: int) -> None:
        found = await self._kafka.offsets_for_times(dict.fromkeys(places, since_ms))
        late = [place for place, at in found.items() if at is None]
        if late:
            await self._kafka.seek_to_end(*late)
        for place, at in found.items():
            if at is not None:
                self._kafka.seek(place, at.offset)

    async def close(self) -> None:
        """Leave the group and close, within three seconds also while the broker is away."""
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await self._kafka.stop()
        except TimeoutError:
            log.warning("the consumer did not leave its group in time: its session will expire")
