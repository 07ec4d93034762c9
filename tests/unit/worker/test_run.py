"""The end of a worker: what the revoke did not cut has the rest of the drain, and no more."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from suites.books import Deaf
from suites.people import decision, turn
from suites.waiting import until

from bus.memory import MemoryBus
from events.reply import Reply
from events.route import Route
from events.tier import Tier
from events.topics import tier_topic
from events.turn import Turn
from events.wire import encode
from worker.loop import POLL_S
from worker.run import Bound, serve
from worker.settings import WorkerSettings

APOLOGIES = {"bug": "Sorry.", "rejected": "Sorry."}
TOPIC = tier_topic(Tier.TEMPLATE)
NOWHERE = "postgresql://127.0.0.1:1/none"
DRAIN_S = 30.0


class Member:
    """A worker whose handler takes `works_s`, on a bus in memory."""

    def __init__(self, works_s: float) -> None:
        self.bus = MemoryBus(1)
        self.begun = 0
        self.rests: list[float] = []
        self._works_s = works_s

    @asynccontextmanager
    async def bind(self, _: WorkerSettings) -> AsyncIterator[Bound]:
        yield Bound(self._handle, APOLOGIES, finish=self._finish)

    async def _handle(self, turn: Turn) -> Reply:
        self.begun += 1
        await asyncio.sleep(self._works_s)
        return turn.reply("done")

    async def _finish(self, within_s: float) -> None:
        self.rests.append(within_s)

    async def stopped_at_work(self, drain_s: float = DRAIN_S) -> "asyncio.Task[None]":
        """It has a turn in hand when it is told to stop."""
        one = turn()
        route = Route(tier=Tier.TEMPLATE, decision=decision(), fallback=one.reply("away"))
        await self.bus.append(TOPIC, encode(one.routed(route), "test"))
        settings = WorkerSettings(postgres=NOWHERE, health_port=0, drain_s=drain_s)
        working = asyncio.create_task(serve(settings, self.bus, "template", self.bind))
        await until(lambda: self.begun)
        os.kill(os.getpid(), signal.SIGTERM)
        return working


async def test_a_rebalance_in_the_drain_leaves_the_rest_of_it_to_what_was_not_cut() -> None:
    member = Member(works_s=60.0)
    working = await member.stopped_at_work()
    await asyncio.sleep(2 * POLL_S)  # its last poll is over, what it has in hand is all
    async with member.bus.group("template", TOPIC, Deaf()):
        await working
    (rest_s,) = member.rests
    assert DRAIN_S / 2 < rest_s <= DRAIN_S


async def test_a_drain_that_took_its_time_leaves_none() -> None:
    member = Member(works_s=60.0)
    await (await member.stopped_at_work(drain_s=0.1))
    assert member.rests == [0.0]
