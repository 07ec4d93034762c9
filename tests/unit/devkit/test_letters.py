"""Dead letters as an operator reads them, and drives them again."""

from dataclasses import replace

from suites.people import PARTITIONS, arriving, said

from bus.memory import MemoryBus
from bus.record import Record
from devkit.operate.dead import drive_again, read
from devkit.operate.letters import line, summary
from events.topics import DLQ, INGRESS
from worker.deadletter import letter


async def buried(bus: MemoryBus, reason: str, record: Record) -> None:
    message = letter(record, service="classifier", reason=reason, detail=f"why {reason}")
    await bus.append(DLQ, message)


def broken(offset: int) -> Record:
    return replace(arriving(said("my secret", turn_id="t-1"), offset=offset), value=b"{")


async def test_an_empty_queue_has_no_letters() -> None:
    assert await read(MemoryBus(PARTITIONS)) == []
    assert summary([]) == "0 dead letters."


async def test_letters_are_read_with_place_and_reason() -> None:
    bus = MemoryBus(PARTITIONS)
    await buried(bus, "invalid_json", broken(7))
    await buried(bus, "no_key", replace(broken(8), key=None))
    found = await read(bus)
    assert sorted(one.reason for one in found) == ["invalid_json", "no_key"]
    first = next(one for one in found if one.reason == "invalid_json")
    assert (first.topic, first.turn_id, first.service) == (INGRESS, "t-1", "classifier")
    assert first.place == f"{INGRESS} {broken(7).partition}@7"
    assert "why invalid_json" in line(first)
    assert summary(found) == "2 dead letters: 1 invalid_json, 1 no_key."


async def test_what_the_customer_wrote_is_not_shown() -> None:
    bus = MemoryBus(PARTITIONS)
    await buried(bus, "bug", arriving(said("my secret")))
    (found,) = await read(bus)
    assert "secret" not in line(found)


async def test_the_original_is_driven_again_as_it_was() -> None:
    bus, record = MemoryBus(PARTITIONS), arriving(said("hello"))
    await buried(bus, "bug", record)
    assert await drive_again(bus, await read(bus)) == 1
    (again,) = bus.records(INGRESS)
    assert (again.key, again.value, again.headers) == (record.key, record.value, record.headers)
    assert again.partition == record.partition
