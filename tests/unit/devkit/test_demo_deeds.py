"""What the demonstration looks at on the shop's side, and when it finds a promise broken."""

from io import StringIO

from rich.console import Console

from bus.memory import MemoryBus
from devkit.demo.deed import Shopside
from devkit.demo.script import Act
from events.handoff import Handoff, Step
from events.topics import HANDOFF
from events.wire import encode

NOWHERE = "postgresql://127.0.0.1:9/none"


async def packet_shown(bus: MemoryBus, said: str) -> tuple[list[str], str]:
    out = StringIO()
    shopside = Shopside(bus, NOWHERE)
    found = await shopside.do(Act.PACKET, "s-1", said, Console(file=out, width=100))
    return found, out.getvalue()


async def handed_over(bus: MemoryBus, said: str) -> None:
    packet = Handoff(
        session_id="s-1", turn_id="t-1", step=Step.OPENED, reason="asked", said=said, asked_at=1
    )
    async with bus.producer("template") as producer:
        await producer.send(HANDOFF, encode(packet, "template"))


async def test_the_packet_is_printed_whole() -> None:
    bus = MemoryBus()
    await handed_over(bus, "a person, please")
    found, printed = await packet_shown(bus, "a person, please")
    assert found == []
    assert '"said": "a person, please"' in printed
    assert '"reason": "asked"' in printed


async def test_a_missing_packet_is_broken() -> None:
    found, _ = await packet_shown(MemoryBus(), "a person, please")
    assert found == ["no packet is on chat.handoff"]


async def test_a_packet_with_other_words_is_broken() -> None:
    bus = MemoryBus()
    await handed_over(bus, "something else")
    found, _ = await packet_shown(bus, "a person, please")
    assert found == ["the packet does not hold what was said"]
