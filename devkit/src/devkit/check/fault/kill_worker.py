"""Faults 1 and 3: `kill -9` of workers; a supervisor restarts them."""

import asyncio
from dataclasses import dataclass

from bus.consuming import SESSION_TIMEOUT_MS
from devkit.check.fault.field import Field
from devkit.stack.services import Service

SUPERVISOR_S = 1.0


async def _restarted(service: Service) -> None:
    await service.kill()
    await asyncio.sleep(SUPERVISOR_S)
    await service.restart()


@dataclass(frozen=True)
class KillWorker:
    """The other replica takes over when the dead one's session expires."""

    number: int = 1
    title: str = "kill -9 a template and an order worker"
    names: tuple[str, ...] = ("template", "order")
    needs_s: float = 18.0
    models: bool = False

    async def inject(self, on: Field) -> None:
        """Kill one replica of each; the supervisor starts them again a second later."""
        hit = [on.dice.choice(on.stack.of(name)) for name in self.names]
        names = " and ".join(service.child.name for service in hit)
        limit = SESSION_TIMEOUT_MS / 1000 + 1.0
        on.injected(self.number, f"kill -9 {names}", within_s=limit)
        await asyncio.gather(*(_restarted(service) for service in hit))
