"""What an operator sees of a real broker: where groups stand, what is dead-lettered."""

import asyncio
import uuid

from suites.bus_suite import collect, message, new_session
from suites.people import arriving, said

from bus.kafka import KafkaBus
from bus.record import Partition
from bus.standing import Standing, Standings
from devkit.operate.dead import drive_again, read
from devkit.stack.stack import Stack
from events.topics import DLQ, HANDOFF, INGRESS
from worker.deadletter import letter


class Deaf:
    async def assigned(self, partitions: object) -> None:
        return None

    async def revoked(self, partitions: object) -> None:
        return None


async def waiting(standings: Standings, group: str) -> Standing:
    """A broker that has just started knows no coordinator yet: ask again."""
    async with asyncio.timeout(20):
        while (found := await standings.of(group, HANDOFF)) is None:
            await asyncio.sleep(0.2)
    return found


async def test_a_groups_lag_falls_when_it_commits(infra: Stack) -> None:
    bus, group, session = KafkaBus(infra.bootstrap), f"g-{uuid.uuid4().hex}", new_session()
    async with Standings(infra.bootstrap) as standings:
        before = await waiting(standings, group)
        async with bus.producer("test") as producer:
            for number in range(3):
                await producer.send(HANDOFF, message(session, str(number)))
        behind = await waiting(standings, group)
        assert (behind.lag, behind.committed) == (before.lag + 3, before.committed)
        async with bus.group(group, HANDOFF, Deaf()) as consumer:
            records = await collect(consumer, 3, session)
            await consumer.commit({records[0].place: records[-1].offset + 1})
        after = await waiting(standings, group)
        assert after.lag <= behind.lag - 3


async def test_no_broker_is_no_standing(infra: Stack) -> None:
    async with Standings(infra.bootstrap) as standings:
        await infra.kafka.kill()
        try:
            assert await standings.of("classifier", INGRESS) is None
        finally:
            await infra.kafka.restart()


async def test_a_dead_letter_is_read_and_driven_again(infra: Stack) -> None:
    bus, turn_id = KafkaBus(infra.bootstrap), uuid.uuid4().hex
    record = arriving(said("hello", session=new_session(), turn_id=turn_id))
    async with bus.producer("test") as producer:
        made = letter(record, service="classifier", reason="bug", detail="a test")
        await producer.send(DLQ, made)
    mine = [one for one in await read(bus) if one.turn_id == turn_id]
    assert [(one.reason, one.topic) for one in mine] == [("bug", INGRESS)]
    place = Partition(INGRESS, record.partition)
    async with bus.tail(INGRESS, [place.number]) as reader:
        await reader.poll(timeout_s=0.2)
        assert await drive_again(bus, mine) == 1
        (again,) = await collect(reader, 1, record.key.decode() if record.key else "")
    assert (again.key, again.value) == (record.key, record.value)
    assert "dlq_reason" not in again.headers
