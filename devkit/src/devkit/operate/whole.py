"""Reads a topic from its first record to its last."""

import asyncio

from bus.port import Bus
from bus.record import Record

READ_S = 20.0


async def whole(bus: Bus, topic: str) -> list[Record]:
    """Every record that is kept, oldest first; TimeoutError when the broker is too slow."""
    found: list[Record] = []
    partitions = await bus.partitions(topic)
    async with asyncio.timeout(READ_S), bus.tail(topic, since_ms=0) as consumer:
        behind: dict[object, int] = {}
        while len(behind) < partitions or any(behind.values()):
            found += await consumer.poll(timeout_s=0.2)
            behind = dict(await consumer.lag())
    return sorted(found, key=lambda one: one.timestamp_ms)
