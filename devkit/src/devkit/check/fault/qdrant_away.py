"""Fault 15: Qdrant away, then five seconds slow."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from devkit.check.fault.field import Field
from devkit.check.fault.probes import Probe, p95_ms, probing, until_well
from events.reply import Status
from events.tier import Tier

AWAY_S, SLOW_S = 6.0, 5.0
FALLBACK_MS = 800
BACK_S = 10.0


@dataclass(frozen=True)
class QdrantAway:
    """Who needs the index hears so in 800 ms, marked; nobody gets an answer without evidence."""

    number: int = 15
    title: str = "Qdrant away, then 5 s slow"
    needs_s: float = 32.0
    models: bool = True

    async def inject(self, on: Field) -> None:
        """Kill it and start it again; then let it hold back each answer for five seconds."""
        on.injected(self.number, f"kill -9 Qdrant, back after {AWAY_S:.0f} s", takes=("qdrant",))
        await on.stack.qdrant.kill()
        await self._without(on, "away")
        await on.stack.qdrant.restart()
        on.healed(self.number)
        await self._back(on)
        slow = f"Qdrant {SLOW_S:.0f} s slow for {AWAY_S:.0f} s"
        on.injected(self.number, slow, takes=("qdrant",))
        await on.stack.qdrant.slow(SLOW_S)
        await self._without(on, "slow")
        await on.stack.qdrant.slow(0)
        on.healed(self.number)
        await self._back(on)

    async def _without(self, on: Field, how: str) -> None:
        """Ask for what needs the index, and for what the catalogue in memory answers."""
        wishes, books = await asyncio.gather(
            probing(
                on,
                lambda: on.asking("wish", on.lines.recommend(on.dice)),
                every_s=0.5,
                seconds=AWAY_S,
            ),
            probing(
                on,
                lambda: on.asking("book", on.lines.product(on.dice)),
                every_s=0.5,
                seconds=AWAY_S,
            ),
        )
        self._marked(on, wishes, how)
        for probe in books:
            if not probe.well:
                on.complain(self.number, f"{probe.turn.turn_id} needs no index, and was degraded")

    def _marked(self, on: Field, probes: Sequence[Probe], how: str) -> None:
        p95 = p95_ms(probes)
        on.measured(self.number, f"P95 of fallbacks while Qdrant is {how}", p95, "ms")
        if p95 > FALLBACK_MS:
            on.complain(self.number, f"the fallback takes {p95:.0f} ms at P95")
        for probe in probes:
            if probe.reply is None or "qdrant" not in probe.marks:
                on.complain(self.number, f"{probe.turn.turn_id}: not marked, or not answered")
            if _ungrounded(probe):
                on.complain(self.number, f"{probe.turn.turn_id} was answered without evidence")

    async def _back(self, on: Field) -> None:
        took = await until_well(on, lambda: on.asking("back", on.lines.recommend(on.dice)), BACK_S)
        if took is None:
            on.complain(self.number, f"suggestions are not back after {BACK_S:.0f} s")
        else:
            on.measured(self.number, "suggestions are well again after", took, "s")


def _ungrounded(probe: Probe) -> bool:
    """Whether a model answered, or series were named, with no source behind it."""
    reply = probe.reply
    if reply is None or reply.status is not Status.COMPLETED:
        return False
    return not reply.sources and (reply.tier is Tier.LLM or bool(reply.usage))
