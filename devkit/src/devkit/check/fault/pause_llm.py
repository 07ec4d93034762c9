"""Fault 5: an llm worker frozen for 30 seconds while it streams, then going on as if it owned."""

import asyncio
from dataclasses import dataclass

from devkit.check.fault.field import Field
from devkit.check.fault.streaming import TAKEOVER_S, begun, taken_over

FROZEN_S = 30.0
WAKES_S = 5.0
"""Afterwards it is told that its calls are nobody's any more, and its partitions others'."""

TRIES = 2


@dataclass(frozen=True)
class PauseLlm:
    """Others answer meanwhile; what the sleeper does when it wakes touches nothing: the books of
    previews, orders and money say so."""

    number: int = 5
    title: str = "SIGSTOP llm for 30 s while it streams, then SIGCONT"
    needs_s: float = 45.0
    models: bool = True

    async def inject(self, on: Field) -> None:
        """Freeze one of the workers that write, and let it go on when all is answered."""
        order = on.dice.sample(on.stack.of("llm"), k=len(on.stack.of("llm")))
        for attempt in range(TRIES):
            victim = order[attempt % len(order)]
            tasks = await begun(on)
            on.injected(self.number, f"SIGSTOP {victim.child.name}", within_s=TAKEOVER_S)
            victim.child.pause()
            try:
                probes, _ = await asyncio.gather(asyncio.gather(*tasks), asyncio.sleep(FROZEN_S))
            finally:
                victim.child.resume()
            await asyncio.sleep(WAKES_S)
            if taken_over(on, self.number, probes):
                return
        on.complain(self.number, f"in {TRIES} tries no streaming turn was the sleeper's")
