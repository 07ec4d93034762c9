"""Members come and go while models write: no call is cut, none is paid for twice."""

import asyncio
import uuid

import pytest
from suites.books import Deaf, until

from bus.kafka import KafkaBus
from devkit.conversation import Answer, Conversation, conversing
from devkit.frontend import Frontend
from devkit.project import Project
from devkit.simulator.book import End, Entry
from devkit.stack.progress import Steps
from devkit.stack.services import Plan
from devkit.stack.stack import Stack
from events.tier import Tier
from events.topics import tier_topic

pytestmark = pytest.mark.timeout(180)

SERVICES = ("classifier", "template", "order", "rag", "llm")
SAID = "I'm looking for something like Berserk but less violent"
TURNS, WRITING = 6, 3
REBALANCES = 2


async def test_rebalances_while_models_write_cut_no_call() -> None:
    async with Stack(Project.find(), plan=_plan(), steps=Steps(quiet=True)) as stack:
        bus, frontend = KafkaBus(stack.bootstrap), Frontend.load(stack.project, "demo")
        async with conversing(bus, frontend) as talk:
            asking = [asyncio.create_task(_asked(talk)) for _ in range(TURNS)]
            await until(lambda: _writing(stack))
            for _ in range(REBALANCES):
                await _joins_and_leaves(bus)
            assert await _writing(stack, 1), "the rebalances came too late to show anything"
            answers = await asyncio.gather(*asking)
        book = await stack.simulator.book()
    assert [answer.reply.degraded for answer in answers] == [()] * TURNS
    assert {answer.reply.epoch for answer in answers} == {1}
    assert all("".join(answer.shown) == answer.reply.text for answer in answers)
    assert [entry.end for entry in book] == [End.COMPLETE] * TURNS


async def test_a_rebalance_while_a_worker_drains_cuts_no_call() -> None:
    async with Stack(Project.find(), plan=_plan(llms=2), steps=Steps(quiet=True)) as stack:
        bus, frontend = KafkaBus(stack.bootstrap), Frontend.load(stack.project, "demo")
        async with conversing(bus, frontend) as talk:
            asking = [asyncio.create_task(_asked(talk)) for _ in range(TURNS)]
            await until(lambda: _writing(stack))
            leaving = stack.of("llm")[0]
            await asyncio.gather(leaving.stop(), _joins_and_leaves(bus))
            answers = await asyncio.gather(*asking)
        book = await stack.simulator.book()
    assert leaving.child.exit_code == 0
    assert [answer.reply.degraded for answer in answers] == [()] * TURNS
    assert [entry.end for entry in book] == [End.COMPLETE] * TURNS


def _plan(llms: int = 1) -> Plan:
    slow = {"TIERWISE_SIMULATOR_SPEED": "0.4"}
    return Plan(services=SERVICES, replicas={"llm": llms}, extra={"simulator": slow})


async def _asked(talk: Conversation) -> Answer:
    session = f"rebalance-{uuid.uuid4().hex[:12]}"
    said = talk.frontend.said(session, f"{session}-1", SAID, turn_no=1, customer_id="c-aiko")
    return await talk.say(said, within_s=60)


async def _writing(stack: Stack, least: int = WRITING) -> bool:
    """Whether so many answers have begun and not ended."""
    return sum(map(_open, await stack.simulator.book())) >= least


def _open(entry: Entry) -> bool:
    return entry.end is End.OPEN


async def _joins_and_leaves(bus: KafkaBus) -> None:
    """A member that takes partitions and does nothing with them: two rebalances."""
    async with bus.group(Tier.LLM, tier_topic(Tier.LLM), Deaf()) as member:
        await member.poll(timeout_s=0.5)
