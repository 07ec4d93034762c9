import asyncio
import time

import pytest
from suites.bus_suite import TOPIC, BusSuite, collect, message, new_session

from bus.kafka import KafkaBus
from bus.port import Unreachable, Unsure
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
        assert time.monotonic() - started < 3.0
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
    assert time.monotonic() - started < 8.0
    await infra.kafka.restart()
