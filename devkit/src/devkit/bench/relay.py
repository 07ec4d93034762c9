"""A bare relay: reads one topic, writes the next. The measure of what the broker itself costs.

`python -m devkit.bench.relay BOOTSTRAP GROUP FROM TO`: no worker runtime, no rows, no traces; only
the bus, so that what a hop of the system adds can be told.
"""

import asyncio
import sys
import time
from collections.abc import Collection

import uvloop

from bus.kafka import KafkaBus
from bus.port import Consumer, Producer
from bus.record import Partition, Record
from events.wire import Message

COMMIT_EVERY_S = 0.2


class Ignores:
    """A listener that need not know what it owns."""

    async def assigned(self, partitions: Collection[Partition]) -> None:
        """Nothing to do."""

    async def revoked(self, partitions: Collection[Partition]) -> None:
        """Nothing to do."""


async def _forward(producer: Producer, target: str, record: Record) -> None:
    await producer.send(target, Message(record.key or b"", record.value or b"", record.headers))


async def _pass_on(consumer: Consumer, producer: Producer, target: str) -> None:
    committed = time.monotonic()
    done: dict[Partition, int] = {}
    while True:
        records = await consumer.poll(timeout_s=0.1)
        await asyncio.gather(*(_forward(producer, target, record) for record in records))
        done |= {record.place: record.offset + 1 for record in records}
        if done and time.monotonic() - committed > COMMIT_EVERY_S:
            await consumer.commit(done)
            committed, done = time.monotonic(), {}


async def relay(bootstrap: str, group: str, source: str, target: str) -> None:
    """Relay for ever."""
    bus = KafkaBus(bootstrap)
    async with bus.producer(group) as producer, bus.group(group, source, Ignores()) as consumer:
        await _pass_on(consumer, producer, target)


if __name__ == "__main__":
    uvloop.run(relay(*sys.argv[1:5]))
