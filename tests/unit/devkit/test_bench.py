"""The bench's own parts: what it times, and what it must not pass off as something else."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from suites.people import decision, turn

from bus.memory import MemoryBus
from devkit.bench.measure import check_evidence
from devkit.bench.traffic import Timings, Traffic, traffic
from devkit.bench.words import RULED, messages, unruled
from devkit.errors import DevkitError
from devkit.frontend import Frontend
from devkit.project import Project
from events.decision import Evidence
from events.topics import EGRESS, INGRESS
from events.wire import Message
from playbook.rule import first_match
from playbook.shop import load_shop

FRONTEND = Frontend("check", Ed25519PrivateKey.generate())
SLOW_S, CLOSED_S = 0.02, 1.0


async def _echo(bus: MemoryBus) -> None:
    """Every ingress record goes to egress, 20 ms late and twice."""
    async with bus.tail(INGRESS, since_ms=0) as tail, bus.producer("echo") as producer:
        while True:
            for record in await tail.poll():
                await asyncio.sleep(SLOW_S)
                message = Message(record.key or b"", record.value or b"", record.headers)
                for _ in range(2):
                    await producer.send(EGRESS, message)


async def _timed(use: str) -> tuple[int, float, float]:
    """How many echoes were timed, their median, and what all took, in milliseconds."""
    bus, started = MemoryBus(), time.perf_counter()
    echoing = asyncio.create_task(_echo(bus))
    async with traffic(bus, INGRESS, EGRESS) as way:
        timings = await _used(way, use, messages(FRONTEND, ["hi"], 1_000, 10))
    echoing.cancel()
    with suppress(asyncio.CancelledError):
        await echoing
    assert len(timings.values) == len(timings.took_ms)
    return len(timings.took_ms), timings.p50, (time.perf_counter() - started) * 1000


async def _used(way: Traffic, use: str, said: Iterator[Message]) -> Timings:
    if use == "steady":
        return await way.steady([next(said) for _ in range(10)], rate=25)
    return await way.closed(said, in_flight=1, seconds=CLOSED_S)


async def test_a_steady_rate_times_each_echo_once() -> None:
    count, p50, took_ms = await _timed("steady")
    assert count == 10
    assert SLOW_S * 1000 <= p50 < took_ms


async def test_a_closed_loop_sends_the_next_when_one_comes_back() -> None:
    count, p50, _ = await _timed("closed")
    assert 2 <= count <= CLOSED_S / SLOW_S + 1
    assert p50 >= SLOW_S * 1000


async def test_what_never_comes_back_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devkit.bench.traffic.LATE_S", 0.05)
    async with traffic(MemoryBus(), INGRESS, EGRESS) as way:
        with pytest.raises(TimeoutError):
            await way.one(next(messages(FRONTEND, ["hi"], 1, 1)))


def _reply(by: Evidence) -> bytes:
    decided = decision().model_copy(update={"by": by})
    asked = turn().model_copy(update={"decision": decided})
    return asked.reply("yes").public().model_dump_json(exclude_none=True).encode()


def test_turns_decided_otherwise_are_not_passed_off() -> None:
    ruled, modelled = _reply(Evidence.RULE), _reply(Evidence.MODEL)
    assert check_evidence([ruled] * 100, Evidence.RULE) == 1.0
    assert check_evidence([ruled] * 98 + [modelled] * 2, Evidence.RULE) == 0.98
    with pytest.raises(DevkitError, match="decided by rule"):
        check_evidence([ruled] * 80 + [modelled] * 20, Evidence.RULE)


def test_the_texts_are_what_they_are_said_to_be() -> None:
    project = Project.find()
    shop = load_shop(project.playbook)
    assert all(first_match(shop.rules, text, known=()) for text in RULED)
    open_texts = unruled(shop, project.playbook / "corpus")
    assert len(open_texts) > 500
    assert not any(first_match(shop.rules, text, known=()) for text in open_texts)
