"""What tests ask of a running ledger."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from bus.kafka import KafkaBus
from bus.record import Partition
from devkit.stack.services import Service
from events.topics import EGRESS

WITHIN_S = 30.0


class Deaf:
    """A listener that needs to know nothing."""

    async def assigned(self, partitions: object) -> None: ...

    async def revoked(self, partitions: object) -> None: ...


async def until(true: Callable[[], Awaitable[bool]], within_s: float = WITHIN_S) -> None:
    """Wait until it is true. Raises TimeoutError."""
    async with asyncio.timeout(within_s):
        while not await true():
            await asyncio.sleep(0.1)


async def get(service: Service, path: str) -> Any:
    """The JSON at a path of the ledger's view."""
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        answer = await client.get(service.url + path)
    return answer.raise_for_status().json()


async def metric(service: Service, name: str) -> float:
    """The sum of the samples whose line begins so."""
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        lines = (await client.get(f"{service.url}/metrics")).text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith(name))


async def read_all_again(kafka: str, service: Service) -> None:
    """Stop the ledger, set its group back to the beginning, start it again."""
    await service.stop()
    bus = KafkaBus(kafka)
    every = {Partition(EGRESS, number): 0 for number in range(await bus.partitions(EGRESS))}
    async with bus.group("ledger", EGRESS, Deaf()) as consumer:
        await consumer.poll(timeout_s=1.0)
        await consumer.commit(every)
    await service.restart()
