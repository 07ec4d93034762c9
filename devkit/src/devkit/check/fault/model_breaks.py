"""Fault 17: answers that do not come, stall, break off, or end without their end."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from devkit.check.fault.field import Field
from devkit.check.fault.probes import Probe, probed, until_well
from devkit.simulator.fault import Fault, Kind
from playbook.model import ModelSpec
from playbook.shop import Shop, load_shop
from playbook.use_case import Size

KINDS = (
    Kind.HANG_BEFORE_FIRST,
    Kind.STALL,
    Kind.RESET,
    Kind.BROKEN_OFF,
    Kind.EARLY_EOF,
    Kind.ERROR_EVENT,
)
TAKES = ("model", "breaker")
EACH = 2
"""Calls of each model that a kind strikes: too few to open a breaker."""

OTHERS_S = 1.5
"""What the other tiers and the first words take, on a busy machine."""

BACK_S = 12.0


@dataclass(frozen=True)
class ModelBreaks:
    """The call is cut at the playbook's limits and the fallback goes out; half an answer is never
    told, nor recorded, as a whole one."""

    number: int = 17
    title: str = "answers that hang, stall, break off or end without their end"
    needs_s: float = 32.0
    models: bool = True

    async def inject(self, on: Field) -> None:
        """Each kind after the other, in the order that the dice decide, at both models."""
        shop = load_shop(on.stack.project.playbook)
        for kind in on.dice.sample(KINDS, k=len(KINDS)):
            on.injected(self.number, f"{kind.value}, {EACH} calls of each model", takes=TAKES)
            await self._struck(on, kind, shop)
            await on.stack.simulator.heal()
            on.healed(self.number)
            took = await until_well(
                on, lambda: on.asking("back", on.lines.recommend(on.dice)), BACK_S
            )
            if took is None:
                on.complain(self.number, f"{kind.value}: no model answers {BACK_S:.0f} s later")

    async def _struck(self, on: Field, kind: Kind, shop: Shop) -> None:
        chosen = shop.prices.chosen
        await on.stack.simulator.faults(
            *(Fault(kind=kind, model=name, count=EACH) for name in chosen.values())
        )
        wishes = [on.asking("wish", on.lines.recommend(on.dice)) for _ in range(EACH)]
        questions = [on.asking("question", on.lines.composed(on.dice)) for _ in range(EACH)]
        probes = await asyncio.gather(*(probed(on, turn) for turn in (*wishes, *questions)))
        self._judged(on, kind, probes[:EACH], shop.models.models[chosen[Size.BIG]])
        self._judged(on, kind, probes[EACH:], shop.models.models[chosen[Size.SMALL]])

    def _judged(self, on: Field, kind: Kind, probes: Sequence[Probe], spec: ModelSpec) -> None:
        """The load's own calls may have taken the fault; whoever met it must have been cut."""
        limit_ms = (_limit_s(kind, spec) + OTHERS_S) * 1000
        for probe in probes:
            name = f"{kind.value} at {spec.api_name}"
            if probe.reply is None:
                on.complain(self.number, f"{name}: {probe.turn.turn_id} has no reply")
            elif probe.marks and (probe.reply.epoch or probe.reply.usage):
                on.complain(self.number, f"{name}: {probe.turn.turn_id} tells half an answer")
            elif probe.marks and probe.took_ms > limit_ms:
                on.complain(self.number, f"{name}: cut after {probe.took_ms} ms")
        cut = [probe.took_ms for probe in probes if probe.marks]
        if cut:
            on.measured(self.number, f"{kind.value} at {spec.api_name}: cut in", max(cut), "ms")


def _limit_s(kind: Kind, spec: ModelSpec) -> float:
    """How long a worker waits at most for a call of this kind."""
    if kind is Kind.HANG_BEFORE_FIRST:
        return spec.first_event_s
    first_words_s = spec.latency.first_token_ms_p99 / 1000
    return first_words_s + (spec.stall_s if kind is Kind.STALL else 0.0)
