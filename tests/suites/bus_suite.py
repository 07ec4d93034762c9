"""What every bus promises. MemoryBus and KafkaBus pass the same tests."""

import asyncio
import uuid
from collections.abc import Collection

import pytest

from bus.port import Bus, Consumer, NotMine, TooLarge
from bus.record import Partition, Record
from events import topics
from events.partition import partition_of
from events.wire import Message

TOPIC = topics.HANDOFF


class Heard:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.owned: set[Partition] = set()
        self.calls: list[str] = []

    async def assigned(self, partitions: Collection[Partition]) -> None:
        self.calls.append("assigned")
        self.owned |= set(partitions)

    async def revoked(self, partitions: Collection[Partition]) -> None:
        self.calls.append("revoked")
        self.owned -= set(partitions)


def message(key: str, value: str, **headers: str) -> Message:
    encoded = {name: text.encode() for name, text in headers.items()}
    return Message(key.encode(), value.encode(), encoded)


async def collect(consumer: Consumer, count: int, session: str) -> list[Record]:
    """The next `count` records of one session, within ten seconds."""
    found: list[Record] = []
    async with asyncio.timeout(10):
        while len(found) < count:
            found += [r for r in await consumer.poll() if r.key == session.encode()]
    return found


def new_session() -> str:
    return f"suite-{uuid.uuid4().hex[:12]}"


class BusSuite:
    """Subclass it with a fixture `bus`."""

    async def test_a_message_comes_back_whole(self, bus: Bus) -> None:
        session = new_session()
        async with bus.tail(TOPIC) as reader, bus.producer("suite") as producer:
            receipt = await producer.send(TOPIC, message(session, "käse", one="1", two="2"))
            (record,) = await collect(reader, 1, session)
        assert record.value == "käse".encode()
        assert record.headers == {"one": b"1", "two": b"2"}
        assert (record.partition, record.offset) == (receipt.partition, receipt.offset)
        assert record.timestamp_ms == receipt.timestamp_ms > 0

    async def test_the_partition_is_the_keys(self, bus: Bus) -> None:
        count = await bus.partitions(TOPIC)
        async with bus.producer("suite") as producer:
            for _ in range(10):
                session = new_session()
                receipt = await producer.send(TOPIC, message(session, "x"))
                assert receipt.partition == partition_of(session.encode(), count)

    async def test_one_key_keeps_its_order(self, bus: Bus) -> None:
        session = new_session()
        async with bus.tail(TOPIC) as reader, bus.producer("suite") as producer:
            for number in range(20):
                await producer.send(TOPIC, message(session, str(number)))
            found = await collect(reader, 20, session)
        assert [record.value for record in found] == [str(n).encode() for n in range(20)]

    async def test_over_the_cap_nothing_is_sent_and_the_producer_lives(self, bus: Bus) -> None:
        session = new_session()
        async with (
            bus.tail(TOPIC) as reader,
            bus.producer("suite", cap_bytes=10_000) as producer,
        ):
            with pytest.raises(TooLarge, match="over the cap"):
                await producer.send(TOPIC, message(session, "x" * 10_001))
            await producer.send(TOPIC, message(session, "small"))
            (record,) = await collect(reader, 1, session)
            assert producer.healthy
        assert record.value == b"small"

    async def test_a_group_goes_on_where_it_committed(self, bus: Bus) -> None:
        session, group = new_session(), f"suite-{uuid.uuid4().hex[:8]}"
        async with bus.producer("suite") as producer:
            for number in range(4):
                await producer.send(TOPIC, message(session, str(number)))
        async with bus.group(group, TOPIC, Heard()) as consumer:
            first = await collect(consumer, 4, session)
            await consumer.commit({first[1].place: first[1].offset + 1})
        async with bus.group(group, TOPIC, Heard()) as consumer:
            again = await collect(consumer, 2, session)
        assert [record.value for record in again] == [b"2", b"3"]

    async def test_members_share_the_partitions(self, bus: Bus) -> None:
        group = f"suite-{uuid.uuid4().hex[:8]}"
        one, two = Heard(), Heard()
        async with bus.group(group, TOPIC, one) as first:
            await first.poll(timeout_s=0.1)
            async with bus.group(group, TOPIC, two) as second, asyncio.timeout(20):
                while not (one.owned and two.owned):
                    await asyncio.gather(first.poll(timeout_s=0.1), second.poll(timeout_s=0.1))
                count = await bus.partitions(TOPIC)
                assert len(one.owned | two.owned) == count
                assert not one.owned & two.owned
        assert "revoked" in one.calls

    async def test_what_is_not_owned_cannot_be_committed(self, bus: Bus) -> None:
        group = f"suite-{uuid.uuid4().hex[:8]}"
        async with bus.group(group, TOPIC, Heard()) as consumer:
            await consumer.poll(timeout_s=0.1)
            with pytest.raises(NotMine):
                await consumer.commit({Partition(TOPIC, 9_999): 1})

    async def test_a_tail_starts_at_the_end_or_at_a_time(self, bus: Bus) -> None:
        session = new_session()
        async with bus.producer("suite") as producer:
            old = await producer.send(TOPIC, message(session, "old"))
            async with bus.tail(TOPIC) as live:
                await asyncio.sleep(0.02)
                new = await producer.send(TOPIC, message(session, "new"))
                assert [r.value for r in await collect(live, 1, session)] == [b"new"]
            async with bus.tail(TOPIC, [old.partition], since_ms=new.timestamp_ms) as later:
                assert [r.value for r in await collect(later, 1, session)] == [b"new"]
            async with bus.tail(TOPIC, [old.partition], since_ms=0) as everything:
                found = await collect(everything, 2, session)
        assert [record.value for record in found] == [b"old", b"new"]

    async def test_lag_counts_what_is_not_polled(self, bus: Bus) -> None:
        session = new_session()
        async with bus.tail(TOPIC) as reader, bus.producer("suite") as producer:
            await producer.send(TOPIC, message(session, "x"))
            await collect(reader, 1, session)
            assert sum((await reader.lag()).values()) == 0

    async def test_an_unknown_topic_says_so(self, bus: Bus) -> None:
        with pytest.raises(LookupError, match="does not exist"):
            await bus.partitions("no.such.topic")
