"""Waits for a broker: a service that is started first is not a service that crashes."""

import asyncio
import logging

from bus.port import Bus, Unreachable

log = logging.getLogger(__name__)

PAUSE_S = 1.0


async def partitions_of(bus: Bus, topic: str) -> int:
    """How many partitions a topic has, as soon as a broker says so. Raises LookupError."""
    while True:
        try:
            return await bus.partitions(topic)
        except Unreachable as away:
            log.warning("waiting for Kafka: %s", away)
            await asyncio.sleep(PAUSE_S)
