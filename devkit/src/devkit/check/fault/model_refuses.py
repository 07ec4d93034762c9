"""Fault 16: the provider refuses: 429 short and long, a spent budget, 529, 500, no connection."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from devkit.check.fault.field import Field
from devkit.check.fault.probes import Make, Probe, p95_ms, probing, until_well
from devkit.simulator.fault import Fault, Kind
from events.reply import Status
from playbook.shop import load_shop
from playbook.use_case import Size

TAKES = ("model", "breaker", "quota", "busy", "away")
EVERY_S = 0.25
FAILS_S = 6.0
"""Under the probes every worker meets five failures in this time, and its breaker opens."""

LADDER_MS = 300
BACK_S = 12.0
LONG_BACK_S = 15.0
SHORT = 4


@dataclass(frozen=True)
class ModelRefuses:
    """One retry at most, then the fallback; after five failures the model is left alone, and the
    fallback comes at once; when the provider is well again, so is the tier."""

    number: int = 16
    title: str = "the provider refuses: 429 short and long, spent, 529, 500, no connection"
    needs_s: float = 190.0
    models: bool = True

    async def inject(self, on: Field) -> None:
        """Each way after the other, the long ones at last and together."""
        await self._short(on)
        for kind in (Kind.OVERLOADED, Kind.ERROR500):
            await self._failing(on, kind)
        await self._unreachable(on)
        await self._for_long(on)

    async def _short(self, on: Field) -> None:
        """A burst: whoever is refused waits the second that was asked for, and is answered."""
        self._begun(on, f"429 with retry-after 1, {SHORT} times")
        big = _big(on)
        await on.stack.simulator.faults(Fault(kind=Kind.RATE_SHORT, model=big, count=SHORT))
        probes = await probing(on, _wish(on), every_s=0.1, seconds=0.1 * SHORT)
        await on.stack.simulator.heal()
        on.healed(self.number)
        well = sum(probe.well for probe in probes)
        on.measured(self.number, f"answered of {len(probes)} under a short 429", well, "")
        if not well:
            on.complain(self.number, "nobody was answered after a short 429")

    async def _failing(self, on: Field, kind: Kind) -> None:
        self._begun(on, f"every call answered with {kind.value}")
        await on.stack.simulator.faults(Fault(kind=kind))
        await self._judged(on, kind.value, FAILS_S)
        await on.stack.simulator.heal()
        on.healed(self.number)
        await self._back(on, kind.value, BACK_S)

    async def _unreachable(self, on: Field) -> None:
        self._begun(on, "kill -9 the provider: connections are refused")
        await on.stack.simulator.kill()
        await self._judged(on, "refused connection", FAILS_S)
        await on.stack.simulator.restart()
        on.healed(self.number)
        await self._back(on, "refused connection", BACK_S)

    async def _for_long(self, on: Field) -> None:
        """The large model's quota and the small one's budget are spent at the same time."""
        prices = load_shop(on.stack.project.playbook).prices.chosen
        self._begun(on, "429 with retry-after 60, and a spend cap")
        await on.stack.simulator.faults(
            Fault(kind=Kind.RATE_LONG, model=prices[Size.BIG]),
            Fault(kind=Kind.SPEND_CAP, model=prices[Size.SMALL]),
        )
        await self._judged(on, "long 429 and spend cap", FAILS_S)
        await on.stack.simulator.heal()
        pause = load_shop(on.stack.project.playbook).models.breaker.long_open_s
        alone = await probing(on, _wish(on), every_s=1.0, seconds=pause - 2 * FAILS_S)
        self._ladder(on, "the long pause", alone)
        if any(probe.well for probe in alone):
            on.complain(self.number, "a model was asked during its long pause")
        await asyncio.sleep(2 * FAILS_S)
        on.healed(self.number)
        await self._back(on, "the long pause", LONG_BACK_S)

    def _begun(self, on: Field, what: str) -> None:
        on.injected(self.number, what, takes=TAKES)

    async def _judged(self, on: Field, name: str, seconds: float) -> None:
        """Ask both models while none answers: first failures, then open breakers."""
        wishes, questions = await asyncio.gather(
            probing(on, _wish(on), every_s=EVERY_S, seconds=seconds),
            probing(on, _question(on), every_s=EVERY_S, seconds=seconds),
        )
        for probe in (*wishes, *questions):
            if probe.reply is None or probe.reply.status is not Status.COMPLETED:
                on.complain(self.number, f"{name}: {probe.turn.turn_id} got no fallback")
            elif not probe.marks:
                on.complain(self.number, f"{name}: {probe.turn.turn_id} was answered, unmarked")
        self._ladder(on, name, (*wishes, *questions))

    def _ladder(self, on: Field, name: str, probes: Sequence[Probe]) -> None:
        """How fast the fallback comes where a breaker was open."""
        by_breaker = [probe for probe in probes if "breaker" in probe.marks]
        if not by_breaker:
            on.complain(self.number, f"{name}: no breaker opened")
            return
        p95 = p95_ms(by_breaker)
        on.measured(self.number, f"{name}: fallbacks by an open breaker", len(by_breaker), "")
        on.measured(self.number, f"{name}: their P95", p95, "ms")
        if p95 > LADDER_MS:
            on.complain(self.number, f"{name}: the ladder's P95 is {p95:.0f} ms")

    async def _back(self, on: Field, name: str, within_s: float) -> None:
        for size, make in (("large", _wish(on)), ("small", _question(on))):
            took = await until_well(on, make, within_s)
            if took is None:
                away = f"the {size} model is not back in {within_s:.0f} s"
                on.complain(self.number, f"{name}: {away}")
            else:
                on.measured(self.number, f"{name}: the {size} model is back after", took, "s")


def _big(on: Field) -> str:
    return load_shop(on.stack.project.playbook).prices.chosen[Size.BIG]


def _wish(on: Field) -> Make:
    return lambda: on.asking("wish", on.lines.recommend(on.dice))


def _question(on: Field) -> Make:
    return lambda: on.asking("question", on.lines.composed(on.dice))
