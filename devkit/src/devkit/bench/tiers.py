"""Measures the ways through the dearer tiers at steady rates, beside the simulator's book."""

import asyncio
import time
from dataclasses import dataclass

import asyncpg

from bus.kafka import KafkaBus
from devkit.bench.cpu import Spent, spending
from devkit.bench.overhead import Overhead, overhead
from devkit.bench.traffic import Timings, traffic
from devkit.bench.way import Way
from devkit.bench.words import messages
from devkit.errors import DevkitError
from devkit.frontend import Frontend
from devkit.stack.stack import Stack
from events.topics import EGRESS, INGRESS, STREAM
from playbook.shop import Shop

WARM_S = 6.0
"""Not shortened by `scale`: a model that was not asked for a while may have left the memory."""

IDLE_S = 5.0

CALLS = "SELECT call_id, turn_id FROM llm_call WHERE started_at >= to_timestamp($1)"


@dataclass(frozen=True)
class Measured:
    """One way's figures. `spent` is without what the stack spends while nobody asks; `overhead` is
    None where no model was called."""

    way: Way
    timings: Timings
    spent: Spent
    overhead: Overhead | None = None


class Tiers:
    """Measures one stack whose models are simulated. `scale` shortens every measurement."""

    def __init__(self, stack: Stack, frontend: Frontend, shop: Shop, *, scale: float) -> None:
        self._stack = stack
        self._frontend = frontend
        self._shop = shop
        self._bus = KafkaBus(stack.bootstrap)
        self._scale = scale

    async def idle(self) -> Spent:
        """What the stack spends in five seconds while nobody asks."""
        with spending(self._stack) as spent:
            await asyncio.sleep(IDLE_S)
        return spent

    async def measured(self, way: Way, idle: Spent) -> Measured:
        """One way at its rate. Raises DevkitError when turns went another way."""
        warm, real = int(way.rate * WARM_S), int(way.rate * way.seconds * self._scale)
        number = warm + real
        said = list(messages(self._frontend, way.texts, number, number, way.customer))
        async with traffic(self._bus, INGRESS, EGRESS, previews=STREAM) as road:
            await road.steady(said[:warm], way.rate)
            began = time.time()
            with spending(self._stack) as spent:
                timings = await road.steady(said[warm:], way.rate)
        way.check(timings.values, self._shop)
        own = spent.without(idle, timings.seconds / IDLE_S)
        added = await self._overhead(timings, began) if way.model else None
        return Measured(way, timings, own, added)

    async def _overhead(self, timings: Timings, began: float) -> Overhead:
        connection = await asyncpg.connect(self._stack.admin_dsn)
        try:
            rows = await connection.fetch(CALLS, began)
        finally:
            await connection.close()
        calls = {row["call_id"]: row["turn_id"] for row in rows}
        entries = await self._stack.simulator.book(began * 1000 - 1)
        found = overhead(timings.trips, calls, entries)
        if not found.added.values:
            raise DevkitError("No turn of the bench has a call in the simulator's book.")
        return found
