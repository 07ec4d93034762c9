"""Hand-offs, releases and switches on a real broker and a real database."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import asyncpg
import pytest

from bus.kafka import KafkaBus
from classifier.controls import Controls
from classifier.following import following
from classifier.releases import Releases, open_releases
from classifier.releasing import releasing
from devkit.conversation import conversing
from devkit.frontend import Frontend
from devkit.operate import handoffs, switches
from devkit.stack.progress import Steps
from devkit.stack.services import Plan
from devkit.stack.stack import Stack
from events.reply import Reply, Status
from events.tier import Tier
from worker.clock import BrokerClock
from worker.handler import Unavailable


@pytest.fixture
async def releases(infra: Stack) -> AsyncIterator[Releases]:
    async with open_releases(infra.dsn("classifier")) as opened:
        yield opened


def new_session() -> str:
    return f"desk-{uuid.uuid4().hex[:12]}"


async def until(true: Callable[[], Awaitable[bool]], within_s: float = 30.0) -> None:
    async with asyncio.timeout(within_s):
        while not await true():
            await asyncio.sleep(0.1)


async def test_the_newest_release_is_kept(releases: Releases) -> None:
    session = new_session()
    assert await releases.released_ms(session) is None
    for stamp in (2_000, 3_000, 1_000):
        await releases.keep(session, stamp)
    assert await releases.released_ms(session) == 3_000


async def test_no_other_service_may_touch_releases(infra: Stack) -> None:
    async with open_releases(infra.dsn("template")) as foreign:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await foreign.released_ms(new_session())


async def test_a_database_that_is_away_is_said_so() -> None:
    async with open_releases("postgresql://127.0.0.1:9/none") as nowhere:
        with pytest.raises(Unavailable, match="releases cannot be read"):
            await nowhere.released_ms(new_session())
        with pytest.raises(Unavailable, match="cannot be kept"):
            await nowhere.keep(new_session(), 1)


async def test_switches_and_releases_are_read_on_after_the_broker_came_back(
    infra: Stack, releases: Releases
) -> None:
    bus, controls = KafkaBus(infra.bootstrap), Controls(BrokerClock())
    first, second = new_session(), new_session()

    async def switched_off() -> bool:
        return controls.tier(Tier.RAG) is not None

    async def switched_on() -> bool:
        return controls.tier(Tier.RAG) is None

    async def released() -> bool:
        return await releases.released_ms(second) is not None

    async with following(bus, controls), releasing(bus, releases):
        await switches.put(bus, "rag", on=False, why="a test")
        await handoffs.release(bus, first, None)
        await until(switched_off)
        await infra.kafka.kill()
        await infra.kafka.restart()
        await switches.put(bus, "rag", on=True, why="")
        await handoffs.release(bus, second, None)
        await until(switched_on)
        await until(released)
    assert await releases.released_ms(first) is not None
    found = {one.entry.subject: one.on for one in await switches.read(bus)}
    assert found["rag"] is True


@pytest.mark.timeout(120)
async def _heard(dsn: str, session: str) -> bool:
    connection = await asyncpg.connect(dsn)
    try:
        found = "SELECT 1 FROM handoff_release WHERE session_id = $1"
        return bool(await connection.fetchval(found, session))
    finally:
        await connection.close()


async def test_a_person_takes_over_and_gives_back_on_the_real_system() -> None:
    plan = Plan(services=("classifier", "template"))
    async with Stack(plan=plan, steps=Steps(quiet=True)) as stack:
        bus, session = KafkaBus(stack.bootstrap), new_session()
        frontend = Frontend.load(stack.project, "demo")
        async with conversing(bus, frontend) as talk:

            async def say(text: str) -> Reply:
                said = frontend.said(session, uuid.uuid4().hex, text)
                return (await talk.say(said)).reply

            assert (await say("How much is shipping to Canada?")).status is Status.COMPLETED
            forwarded = await say("I want to talk to a human")
            assert (forwarded.status, forwarded.reason) == (Status.FORWARDED, "asked")
            silent = await say("hello?")
            assert (silent.status, silent.text) == (Status.FORWARDED, "")
            held = (await handoffs.read(bus))[session]
            assert (held.turns, held.last) == (2, "hello?")

            await handoffs.release(bus, session, held)
            # Said before the classifier has heard of it, words would still go to the desk.
            await until(partial(_heard, stack.admin_dsn, session))

            async def answered() -> bool:
                return (await say("How much is shipping to Canada?")).status is Status.COMPLETED

            await until(answered)
            assert session not in await handoffs.read(bus)

            await switches.put(bus, "rag", on=False, why="a test")

            async def switched() -> bool:
                reply = await say("Vinland Saga 12")
                decision = reply.decision
                return decision is not None and decision.overlays == ("switch:rag",)

            await until(switched)
