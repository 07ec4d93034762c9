"""The desk: which conversations persons have, and giving one back."""

import asyncio

from bus.memory import MemoryBus
from bus.record import Record
from devkit.operate.desk import line
from devkit.operate.handoffs import Held, held_by_session, read, release
from events import topics
from events.handoff import Handoff, Step
from events.wire import decode, encode


def packet(session: str, step: Step, said: str = "") -> Handoff:
    turn_id = f"t-{said or step}".replace(" ", "-")
    return Handoff(
        session_id=session, turn_id=turn_id, step=step, reason="legal", said=said, asked_at=7
    )


async def posted(bus: MemoryBus, *packets: Handoff) -> None:
    async with bus.producer("template") as producer:
        for one in packets:
            await producer.send(topics.HANDOFF, encode(one, "template"))
            await asyncio.sleep(0.002)  # stamps are in milliseconds


async def test_a_conversation_is_held_from_opening_to_release() -> None:
    bus = MemoryBus()
    await posted(
        bus,
        packet("s-1", Step.OPENED, "my lawyer"),
        packet("s-2", Step.OPENED, "a human"),
        packet("s-1", Step.FOLLOWED, "hello there"),
        packet("s-2", Step.RELEASED),
    )
    held = await read(bus)
    assert set(held) == {"s-1"}
    one = held["s-1"]
    assert (one.opened.said, one.turns, one.last) == ("my lawyer", 2, "hello there")


async def test_what_is_opened_again_is_held_again() -> None:
    bus = MemoryBus()
    await posted(bus, packet("s-1", Step.OPENED), packet("s-1", Step.RELEASED))
    assert await read(bus) == {}
    await posted(bus, packet("s-1", Step.OPENED, "once more"))
    assert (await read(bus))["s-1"].opened.said == "once more"


async def test_a_release_is_a_packet_of_the_same_session() -> None:
    bus = MemoryBus()
    await posted(bus, packet("s-1", Step.OPENED, "a human"))
    await release(bus, "s-1", (await read(bus))["s-1"])
    newest = max(bus.records(topics.HANDOFF), key=lambda one: one.offset)
    told = decode(Handoff, newest.value, newest.headers)
    assert (told.step, told.turn_id, told.asked_at) == (Step.RELEASED, "t-a-human", 7)
    assert newest.key == b"s-1"


async def test_an_older_one_is_released_too() -> None:
    bus = MemoryBus()
    await release(bus, "s-9", None)
    (record,) = bus.records(topics.HANDOFF)
    assert decode(Handoff, record.value, record.headers).turn_id.startswith("release-")


def test_what_is_no_packet_is_left_out() -> None:
    record = Record(topics.HANDOFF, 0, 0, 1, b"s-1", b"{", {})
    assert held_by_session([record]) == {}


async def test_the_customers_words_are_shown_where_asked_for() -> None:
    bus = MemoryBus()
    await posted(bus, packet("s-1", Step.OPENED, "my lawyer"))
    one: Held = (await read(bus))["s-1"]
    assert "lawyer" not in line(one, words=False)
    assert line(one, words=True).endswith("legal  1 turn  my lawyer")
