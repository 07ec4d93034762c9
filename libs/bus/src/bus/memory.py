"""The bus in memory, for tests of services: held to the same suite as Kafka."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bus.port import Listener, NotMine
from bus.record import Partition, Receipt, Record
from bus.size import check_size
from events.partition import partition_of
from events.topics import TOPICS
from events.wire import Message


@dataclass(eq=False)
class _Member:
    topic: str
    listener: Listener
    owned: list[Partition] = field(default_factory=list)
    at: dict[Partition, int] = field(default_factory=dict)


class MemoryBus:
    """All topics of `events.topics` (or those given) with one partition count, in one process."""

    def __init__(self, partitions: int = 12, topics: Collection[str] | None = None) -> None:
        names = topics if topics is not None else [spec.name for spec in TOPICS]
        self._count = dict.fromkeys(names, partitions)
        self._count.update(
            {s.name: s.partitions for s in TOPICS if s.partitions and s.name in names}
        )
        self._log: dict[Partition, list[Record]] = defaultdict(list)
        self._committed: dict[tuple[str, Partition], int] = {}
        self._members: dict[str, list[_Member]] = defaultdict(list)
        self._arrived = asyncio.Condition()

    async def partitions(self, topic: str) -> int:
        """As the port says."""
        if topic not in self._count:
            raise LookupError(f"topic {topic} does not exist")
        return self._count[topic]

    async def append(self, topic: str, message: Message) -> Receipt:
        """Store a message in its key's partition, stamped with the time of arrival."""
        number = partition_of(message.key, await self.partitions(topic))
        log = self._log[Partition(topic, number)]
        now = int(time.time() * 1000)
        key = message.key or None
        log.append(Record(topic, number, len(log), now, key, message.value, dict(message.headers)))
        async with self._arrived:
            self._arrived.notify_all()
        return Receipt(number, len(log) - 1, now)

    def records(self, topic: str) -> list[Record]:
        """Everything stored in a topic, partition by partition."""
        return [
            record for place, log in self._log.items() if place.topic == topic for record in log
        ]

    @asynccontextmanager
    async def producer(
        self, name: str, *, cap_bytes: int = 256 * 1024
    ) -> AsyncIterator["MemoryProducer"]:
        """As the port says."""
        yield MemoryProducer(self, cap_bytes)

    @asynccontextmanager
    async def group(
        self, group: str, topic: str, listener: Listener
    ) -> AsyncIterator["MemoryConsumer"]:
        """As the port says; members join and leave at once."""
        await self.partitions(topic)
        member = _Member(topic, listener)
        members = self._members[group]
        await self._revoke(members)
        members.append(member)
        await self._assign(group)
        try:
            yield MemoryConsumer(self, member, group)
        finally:
            await self._revoke(members)
            members.remove(member)
            await self._assign(group)

    async def _revoke(self, members: list[_Member]) -> None:
        for member in members:
            await member.listener.revoked(list(member.owned))
            member.owned = []

    async def _assign(self, group: str) -> None:
        members = self._members[group]
        for index, member in enumerate(members):
            numbers = range(index, self._count[member.topic], len(members))
            member.owned = [Partition(member.topic, number) for number in numbers]
            member.at = {p: self._committed.get((group, p), 0) for p in member.owned}
            await member.listener.assigned(list(member.owned))

    @asynccontextmanager
    async def tail(
        self, topic: str, partitions: Collection[int] | None = None, *, since_ms: int | None = None
    ) -> AsyncIterator["MemoryConsumer"]:
        """As the port says."""
        numbers = partitions if partitions is not None else range(await self.partitions(topic))
        owned = [Partition(topic, number) for number in numbers]
        at = {place: self._offset_at(place, since_ms) for place in owned}
        yield MemoryConsumer(self, _Member(topic, _Deaf(), owned, at), None)

    def _offset_at(self, place: Partition, since_ms: int | None) -> int:
        log = self._log[place]
        if since_ms is None:
            return len(log)
        return sum(record.timestamp_ms < since_ms for record in log)

    def take(self, member: _Member, limit: int) -> list[Record]:
        """The next records of a member's partitions."""
        taken: list[Record] = []
        for place in member.owned:
            start = member.at[place]
            batch = self._log[place][start : start + limit - len(taken)]
            member.at[place] = start + len(batch)
            taken += batch
        return taken

    async def arrival(self, timeout_s: float) -> None:
        """Wait until something is appended, or the time is over."""
        try:
            async with asyncio.timeout(timeout_s), self._arrived:
                await self._arrived.wait()
        except TimeoutError:
            return

    def store(self, group: str, offsets: Mapping[Partition, int]) -> None:
        """Keep a group's committed offsets."""
        self._committed.update({(group, place): offset for place, offset in offsets.items()})

    def end(self, place: Partition) -> int:
        """The offset the next record of a partition will get."""
        return len(self._log[place])


class _Deaf:
    async def assigned(self, partitions: Collection[Partition]) -> None:
        """Nobody is told."""

    async def revoked(self, partitions: Collection[Partition]) -> None:
        """Nobody is told."""


class MemoryProducer:
    """Sends into the memory of its bus."""

    healthy = True

    def __init__(self, bus: MemoryBus, cap_bytes: int) -> None:
        self._bus = bus
        self._cap = cap_bytes

    async def send(self, topic: str, message: Message, *, timeout_s: float = 10.0) -> Receipt:
        """As the port says."""
        check_size(topic, message, self._cap)
        return await self._bus.append(topic, message)


class MemoryConsumer:
    """Reads from the memory of its bus."""

    def __init__(self, bus: MemoryBus, member: _Member, group: str | None) -> None:
        self._bus = bus
        self._member = member
        self._group = group

    async def poll(self, *, limit: int = 256, timeout_s: float = 0.5) -> list[Record]:
        """As the port says."""
        if not (records := self._bus.take(self._member, limit)):
            await self._bus.arrival(timeout_s)
            records = self._bus.take(self._member, limit)
        return records

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        """As the port says."""
        if self._group is None or not set(offsets) <= set(self._member.owned):
            raise NotMine("this member does not own every partition it commits")
        self._bus.store(self._group, offsets)

    async def seek(self, offsets: Mapping[Partition, int]) -> None:
        """As the port says."""
        self._member.at.update(offsets)

    async def lag(self) -> dict[Partition, int]:
        """As the port says."""
        return {
            place: self._bus.end(place) - self._member.at[place] for place in self._member.owned
        }
