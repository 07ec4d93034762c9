"""The books of the models' money agree to the last decimal, whatever was killed meanwhile."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
import pytest
from suites.books import metric, read_all_again, until

from bus.kafka import KafkaBus
from devkit.conversation import Conversation, conversing
from devkit.frontend import Frontend
from devkit.money.balance import balanced
from devkit.money.compare import differences
from devkit.project import Project
from devkit.simulator.book import End
from devkit.stack.progress import Steps
from devkit.stack.services import Plan
from devkit.stack.stack import Stack
from ledger.audit import Audit
from ledger.repository import open_repository

pytestmark = pytest.mark.timeout(240)

SERVICES = ("classifier", "template", "order", "rag", "llm", "ledger")
SESSIONS = 15
EVERY_S = 0.6
SAID = (
    "I'm looking for something like Berserk but less violent",
    "Where is my order #ABC123",
    "Tell me about Vinland Saga volume 12",
    "Can you recommend something like Vinland Saga?",
)


@asynccontextmanager
async def whole() -> AsyncIterator[Stack]:
    plan = Plan(services=SERVICES)
    async with Stack(Project.find(), plan=plan, steps=Steps(quiet=True)) as stack:
        yield stack


async def test_all_books_agree_after_a_kill_of_each_service_and_a_replay() -> None:
    async with whole() as stack:
        said = await _talk_and_kill(stack)
        (ledger,) = stack.of("ledger")
        await until(lambda: _booked(stack, said))
        audit = await _audit(stack)
        assert differences(audit, await stack.simulator.book()) == []
        assert audit.bookings.calls > 0
        # The call that llm was killed over is paid for, and no reply carries it.
        assert audit.adjustments.calls > 0
        spent = (audit.bookings + audit.adjustments).spent
        assert spent.cost_usd == audit.called.spent.cost_usd == audit.session_spend_usd
        await read_all_again(stack.bootstrap, ledger)
        await until(lambda: _again(stack, said))
        again = await _audit(stack)
        assert differences(again, await stack.simulator.book()) == []
        assert (again.bookings, again.adjustments) == (audit.bookings, audit.adjustments)


async def _talk_and_kill(stack: Stack) -> int:
    """Sessions talk while every service is killed once; returns how many turns were answered."""
    frontend = Frontend.load(stack.project, "demo")
    async with conversing(KafkaBus(stack.bootstrap), frontend) as talk:
        sessions = [asyncio.create_task(_session(talk, at)) for at in range(SESSIONS)]
        await asyncio.gather(*[await _killed(stack, name) for name in SERVICES])
        return sum(await asyncio.gather(*sessions))


async def _session(talk: Conversation, at: int) -> int:
    await asyncio.sleep(at * EVERY_S)
    session = f"money-{uuid.uuid4().hex[:12]}"
    for number, text in enumerate(SAID, 1):
        said = talk.frontend.said(
            session, f"{session}-{number}", text, turn_no=number, customer_id="c-aiko"
        )
        await talk.say(said, within_s=60)
    return len(SAID)


async def _killed(stack: Stack, name: str) -> "asyncio.Task[None]":
    """Kill it, and let it start again while the next one is killed."""
    (service,) = stack.of(name)
    if name == "llm":
        await _until_a_model_writes(stack)
    await service.kill()
    await asyncio.sleep(0.5)
    return asyncio.create_task(service.restart())


async def _until_a_model_writes(stack: Stack) -> None:
    """From its first token on a call is billed."""
    async with asyncio.timeout(30):
        while not any(one.end is End.OPEN for one in await stack.simulator.book()):
            await asyncio.sleep(0.01)


async def _audit(stack: Stack) -> Audit:
    """All books, once the provider's has told what the killed calls cost."""
    await balanced(stack.dsn("llm"), stack.simulator.url, stack.project.playbook, now=True)
    async with open_repository(stack.dsn("ledger")) as repository:
        await repository.adjust(timedelta(days=1))
        return await repository.audit(answered_before_s=0)


async def _booked(stack: Stack, turns: int) -> bool:
    return await _any(stack, f"SELECT 1 FROM booking HAVING count(*) >= {turns}")


async def _any(stack: Stack, statement: str) -> bool:
    connection = await asyncpg.connect(stack.admin_dsn)
    try:
        return bool(await connection.fetch(statement))
    finally:
        await connection.close()


async def _again(stack: Stack, turns: int) -> bool:
    (ledger,) = stack.of("ledger")
    return await metric(ledger, "tierwise_ledger_again_total ") >= turns
