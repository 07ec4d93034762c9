"""Fault 2: `kill -9` of an llm worker while it streams."""

import asyncio
from dataclasses import dataclass

from devkit.check.fault.field import Field
from devkit.check.fault.streaming import TAKEOVER_S, begun, taken_over

SUPERVISOR_S = 1.0
TRIES = 3


@dataclass(frozen=True)
class KillLlm:
    """A later owner's answer replaces the partial text; the books say that it is paid for twice at
    most, and complete once."""

    number: int = 2
    title: str = "kill -9 llm while it streams"
    needs_s: float = 25.0
    models: bool = True

    async def inject(self, on: Field) -> None:
        """Ask for many recommendations at once, and kill one of the workers that write them.

        Which worker has which turn is the broker's choice: where none was hit, the other is tried.
        """
        order = on.dice.sample(on.stack.of("llm"), k=len(on.stack.of("llm")))
        for attempt in range(TRIES):
            victim = order[attempt % len(order)]
            tasks = await begun(on)
            on.injected(self.number, f"kill -9 {victim.child.name}", within_s=TAKEOVER_S)
            await victim.kill()
            await asyncio.sleep(SUPERVISOR_S)
            await victim.restart()
            if taken_over(on, self.number, await asyncio.gather(*tasks)):
                return
        on.complain(self.number, f"in {TRIES} tries no streaming turn was the dead worker's")
