import asyncio
import time

import pytest
from aiokafka import AIOKafkaProducer  # noqa: TID251 - what only a foreign client can send
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy  # noqa: TID251
from suites.bus_suite import TOPIC, BusSuite, collect, message, new_session

from bus.kafka import KafkaBus
from bus.port import Unreachable, Unsure
from bus.record import Record
from devkit.stack.stack import Stack


class TestKafkaBus(BusSuite):
    @pytest.fixture
    def bus(self, infra: Stack) -> KafkaBus:
        return KafkaBus(infra.bootstrap)


async def test_no_broker_is_said_at_once() -> None:
    with pytest.raises(Unreachable, match="no broker answers"):
        async with KafkaBus("127.0.0.1:9").producer("nobody"):
            pass


async def test_a_send_without_a_broker_ends_as_unsure_and_arrives_later(infra: Stack) -> None:
    """kill -9 of the broker: bounded waiting, bounded closing, and a producer that recovers."""
    bus, session = KafkaBus(infra.bootstrap), new_session()
    async with bus.producer("survivor") as producer:
        await producer.send(TOPIC, message(session, "before"))
        await infra.kafka.kill()
        started = time.monotonic()
        with pytest.raises(Unsure):
            await producer.send(TOPIC, message(session, "during"), timeout_s=1.0)
        assert time.monotonic() - started < 8.0  # less than the ten seconds of a request
        await infra.kafka.restart()
        await producer.send(TOPIC, message(session, "after"), timeout_s=30.0)
        assert producer.healthy
    async with bus.tail(TOPIC, since_ms=0) as reader, asyncio.timeout(20):
        values = [r.value for r in await collect(reader, 2, session)]
        while b"after" not in values:
            values += [r.value for r in await collect(reader, 1, session)]
    assert values[0] == b"before"


async def test_closing_does_not_wait_for_a_broker_that_is_away(infra: Stack) -> None:
    async with KafkaBus(infra.bootstrap).producer("leaver") as producer:
        await producer.send(TOPIC, message(new_session(), "x"))
        await infra.kafka.kill()
        with pytest.raises(Unsure):
            await producer.send(TOPIC, message(new_session(), "y"), timeout_s=0.5)
        started = time.monotonic()
    assert time.monotonic() - started < 20.0  # unbounded, it would wait for ever
    await infra.kafka.restart()


class _NotUtf8(str):
    """A header's name that goes out as bytes which are no UTF-8, as other clients can send them."""

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        return b"\xff\xfe"


async def test_a_header_name_that_is_not_utf8_costs_one_record_only(
    infra: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """aiokafka raises at such a record for ever, and loses what it unpacked before it."""
    # The builder in Python asks a name for its bytes; the one in C asks for a plain string.
    for module in ("aiokafka.producer.producer", "aiokafka.producer.message_accumulator"):
        name = f"{module}.DefaultRecordBatchBuilder"
        monkeypatch.setattr(name, _DefaultRecordBatchBuilderPy)
    bus, session = KafkaBus(infra.bootstrap), new_session()
    key = session.encode()
    raw = AIOKafkaProducer(bootstrap_servers=infra.bootstrap)
    await raw.start()
    names: list[list[tuple[str, bytes]]] = [[], [], [(_NotUtf8("x"), b"")], [], []]
    places = [
        # One after another: each a batch of its own.
        await raw.send_and_wait(TOPIC, key=key, value=f"{n}".encode(), headers=headers)
        for n, headers in enumerate(names)
    ]
    await raw.stop()
    async with bus.group(f"g-{session}", TOPIC, _Nobody()) as consumer, asyncio.timeout(20):
        seen: list[Record] = []
        while not any(record.value == b"4" and record.key == key for record in seen):
            seen += await consumer.poll(timeout_s=0.2)
    broken = [record for record in seen if record.broken]
    assert [record.value for record in seen if record.key == key] == [b"0", b"1", b"3", b"4"]
    assert len(broken) == 1
    assert broken[0].offset == places[2].offset


class _Nobody:
    async def assigned(self, partitions: object) -> None: ...

    async def revoked(self, partitions: object) -> None: ...
