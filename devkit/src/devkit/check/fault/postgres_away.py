"""Fault 12: Postgres away for 30 seconds."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from devkit.check.driver import now_ms
from devkit.check.fault.field import Field
from devkit.check.fault.probes import Make, Probe, p95_ms, probing, until_well
from devkit.check.script import small_talk
from events.reply import Status
from events.tier import Tier

AWAY_S = 30.0
PROBED_S = 26.0
ORDER_MS = 1_000
STARTED_MS = 1_000
"""A call may have been reserved just before; it begins within this time."""

BACK_S = 10.0


@dataclass(frozen=True)
class PostgresAway:
    """Templates and retrieval go on, orders say within a second that they cannot be looked up, no
    model is paid without a claim; afterwards all is as before."""

    number: int = 12
    title: str = "Postgres away for 30 s"
    needs_s: float = 42.0
    models: bool = True

    async def inject(self, on: Field) -> None:
        """Kill the server, ask every tier, start it again on its data."""
        marks = ("postgres", "context", "turn_row", "stock")
        on.injected(self.number, f"kill -9 Postgres, back after {AWAY_S:.0f} s", takes=marks)
        await on.stack.postgres.kill()
        gone_ms = now_ms()
        orders, talks, books, wishes, _ = await asyncio.gather(
            probing(on, lambda: on.tracked("order"), every_s=1.0, seconds=PROBED_S),
            probing(on, _talk(on), every_s=1.0, seconds=PROBED_S),
            probing(on, _product(on), every_s=1.0, seconds=PROBED_S),
            probing(on, _wish(on), every_s=2.0, seconds=PROBED_S),
            asyncio.sleep(AWAY_S),
        )
        await self._unpaid(on, gone_ms)
        await on.stack.postgres.start()
        on.healed(self.number)
        self._orders(on, orders)
        self._gone_on(on, "template", Tier.TEMPLATE, talks)
        self._gone_on(on, "retrieval", Tier.RAG, books)
        self._without_model(on, wishes)
        await self._back(on)

    def _orders(self, on: Field, probes: Sequence[Probe]) -> None:
        p95 = p95_ms(probes)
        on.measured(self.number, "P95 of answers about an order", p95, "ms")
        if p95 > ORDER_MS:
            on.complain(self.number, f"answers about an order take {p95:.0f} ms at P95")
        for probe in probes:
            if probe.reply is None or "postgres" not in probe.marks:
                on.complain(self.number, f"{probe.turn.turn_id}: not marked, or not answered")

    def _gone_on(self, on: Field, name: str, tier: Tier, probes: Sequence[Probe]) -> None:
        on.measured(self.number, f"P95 of answers by {name}", p95_ms(probes), "ms")
        for probe in probes:
            whole = probe.reply and probe.reply.status is Status.COMPLETED
            if not probe.reply or not whole or probe.reply.tier is not tier:
                on.complain(self.number, f"{name} did not answer {probe.turn.turn_id}")
            elif not probe.marks:
                on.complain(self.number, f"the answer to {probe.turn.turn_id} is not marked")

    def _without_model(self, on: Field, probes: Sequence[Probe]) -> None:
        for probe in probes:
            if probe.reply is None or "postgres" not in probe.marks or probe.reply.usage:
                on.complain(self.number, f"{probe.turn.turn_id}: no marked fallback")

    async def _unpaid(self, on: Field, gone_ms: int) -> None:
        """No call began while no claim could be taken."""
        begun = await on.stack.simulator.book(gone_ms + STARTED_MS)
        on.measured(self.number, "calls begun without Postgres", len(begun), "")
        if begun:
            on.complain(self.number, f"{len(begun)} calls were made without a claim")

    async def _back(self, on: Field) -> None:
        for name, make in (("order", lambda: on.tracked("back")), ("llm", _wish(on))):
            took = await until_well(on, make, BACK_S)
            if took is None:
                on.complain(self.number, f"{name} is not back {BACK_S:.0f} s after Postgres")
            else:
                on.measured(self.number, f"{name} is well again after", took, "s")


def _talk(on: Field) -> Make:
    return lambda: on.asking("talk", small_talk(on.dice))


def _product(on: Field) -> Make:
    return lambda: on.asking("book", on.lines.product(on.dice))


def _wish(on: Field) -> Make:
    return lambda: on.asking("wish", on.lines.recommend(on.dice))
