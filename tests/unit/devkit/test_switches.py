"""Operators' switches: how they stand, and what can be switched."""

from datetime import UTC, datetime

import pytest

from bus.memory import MemoryBus
from devkit.errors import DevkitError
from devkit.operate import switches
from devkit.operate.switch import check, known_subjects, line
from devkit.project import Project
from events import topics
from events.control import Control, Kind
from events.wire import Message, decode, encode


async def test_a_switch_is_put_and_read_back() -> None:
    bus = MemoryBus()
    await switches.put(bus, "llm", on=False, why="the bill")
    await switches.put(bus, "rag", on=False, why="")
    await switches.put(bus, "rag", on=True, why="fine again")
    found = {one.entry.subject: (one.on, one.entry.why) for one in await switches.read(bus)}
    assert found == {"llm": (False, "the bill"), "rag": (True, "fine again")}


async def test_it_never_expires_and_the_next_one_replaces_it() -> None:
    bus = MemoryBus()
    await switches.put(bus, "llm", on=False, why="")
    await switches.put(bus, "llm", on=True, why="")
    off, on = bus.records(topics.CONTROL)
    assert off.key == on.key == b"switch/llm/operator"
    assert decode(Control, off.value, off.headers).expires_after_s is None
    assert [decode(Control, one.value, one.headers).value for one in (off, on)] == [0.0, 1.0]


async def test_other_entries_are_no_switches() -> None:
    bus = MemoryBus()
    breaker = Control(kind=Kind.BREAKER, subject="sonnet-5-5", by="llm-0", value=0.0)
    async with bus.producer("test") as producer:
        await producer.send(topics.CONTROL, encode(breaker, "llm"))
        await producer.send(topics.CONTROL, Message(b"odd", b"{"))
    assert await switches.read(bus) == []


async def test_a_switch_that_is_taken_back_is_none() -> None:
    bus = MemoryBus()
    await switches.put(bus, "llm", on=False, why="")
    async with bus.producer("test") as producer:
        await producer.send(topics.CONTROL, Message(b"switch/llm/operator", b""))
    assert await switches.read(bus) == []


def test_tiers_and_chosen_models_can_be_switched() -> None:
    known = known_subjects(Project.find())
    assert set(known) == {"order", "rag", "llm", "haiku-5-5", "sonnet-5-5"}
    check("llm", "off", known)


@pytest.mark.parametrize(
    ("subject", "state", "told"),
    [
        ("template", "off", "cannot be switched; order, rag, llm"),
        ("gpt", "off", "cannot be switched"),
        ("llm", "", "Say on or off: tierwise switch llm off"),
        ("llm", "maybe", "Say on or off"),
    ],
)
def test_what_would_switch_nothing_is_refused(subject: str, state: str, told: str) -> None:
    with pytest.raises(DevkitError, match=told):
        check(subject, state, known_subjects(Project.find()))


def test_a_line_says_how_it_stands_since_when_and_why() -> None:
    entry = Control(kind=Kind.SWITCH, subject="llm", by="operator", value=0, why="the bill")
    one = switches.Switch(entry, datetime(2026, 11, 20, 9, 30, tzinfo=UTC))
    assert line(one) == "llm           off  since 2026-11-20 09:30:00  the bill"
