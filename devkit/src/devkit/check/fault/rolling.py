"""Fault 4: every worker restarted by SIGTERM under load, one after the other."""

import asyncio
from dataclasses import dataclass

from devkit.check.fault.field import Field
from devkit.stack.services import Service

GRACE_S = 15.0
TAKEOVER_S = 2.0
STEADY_S = 1.0
"""After a restart the group has settled, so that two restarts are not one."""


@dataclass(frozen=True)
class Rolling:
    """No turn fails, the others take over at once, every worker ends by itself."""

    number: int = 4
    title: str = "restart every worker by SIGTERM, one after the other"
    needs_s: float = 75.0
    models: bool = False

    async def inject(self, on: Field) -> None:
        """Restart each process of every service that has more than one."""
        for service in on.stack.services:
            if len(on.stack.of(service.name)) > 1:
                await self._restarted(on, service)

    async def _restarted(self, on: Field, service: Service) -> None:
        name = service.child.name
        on.injected(self.number, f"SIGTERM {name}", within_s=TAKEOVER_S)
        await service.stop(GRACE_S)
        if service.child.exit_code != 0:
            on.complain(self.number, f"{name} ended with {service.child.exit_code}")
        await service.restart()
        await asyncio.sleep(STEADY_S)
