"""Fault 8: `kill -9` of a broker, and its restart on the same log directory."""

import asyncio
from dataclasses import dataclass

from devkit.check.fault.field import Field

AWAY_S = 2.0
HEALTHY_S = 10.0
LOOK_S = 0.1


@dataclass(frozen=True)
class KillBroker:
    """No acked turn is lost, and no producer stays broken."""

    number: int = 8
    title: str = "kill -9 the broker and restart it"
    needs_s: float = 18.0
    models: bool = False

    async def inject(self, on: Field) -> None:
        """Kill one broker, wait, start it again, and see that the driver's producer works."""
        index = on.dice.randrange(len(on.stack.kafka.brokers))
        on.injected(self.number, f"kill -9 broker {index + 1}, back after {AWAY_S:.0f} s")
        await on.stack.kafka.kill(index)
        await asyncio.sleep(AWAY_S)
        await on.stack.kafka.restart(index)
        if not await self._healthy(on):
            on.complain(self.number, f"the driver's producer is broken after {HEALTHY_S:.0f} s")

    async def _healthy(self, on: Field) -> bool:
        deadline = asyncio.get_running_loop().time() + HEALTHY_S
        while asyncio.get_running_loop().time() < deadline:
            if on.driver.producer.healthy:
                return True
            await asyncio.sleep(LOOK_S)
        return False
