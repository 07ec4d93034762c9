"""Reads releases from `chat.handoff` in a group of its own, and keeps them before it commits."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Protocol

from bus.port import Bus, Consumer, NotMine, Unreachable, Unsure
from bus.record import Partition, Record
from events.handoff import Handoff, Step
from events.topics import HANDOFF
from events.wire import Undecodable, decode_keyed
from worker.handler import Unavailable

log = logging.getLogger(__name__)

GROUP = "classifier-releases"
PAUSE_S = 1.0
POLL_S = 0.5


class Keeps(Protocol):
    """Where releases go."""

    async def keep(self, session_id: str, released_ms: int) -> None:
        """Store a release for good. Raises Unavailable."""
        ...


class _Deaf:
    """Records are worked off one after the other: nothing is in flight when partitions move."""

    async def assigned(self, partitions: Collection[Partition]) -> None:
        """Nothing to do."""

    async def revoked(self, partitions: Collection[Partition]) -> None:
        """Nothing to do."""


@asynccontextmanager
async def releasing(bus: Bus, releases: Keeps) -> AsyncIterator[None]:
    """Keep releases while the context is open; starts again when broker or database go away."""
    task = asyncio.create_task(_for_ever(bus, releases), name="releases")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait((task,))


async def _for_ever(bus: Bus, releases: Keeps) -> None:
    while True:
        try:
            async with bus.group(GROUP, HANDOFF, _Deaf()) as consumer:
                await _records(consumer, releases)
        except (Unreachable, Unsure, NotMine, Unavailable) as away:
            # What was not committed is read again by whoever owns it next.
            log.warning("reading %s stopped: %s. It starts again", HANDOFF, away)
        except Exception:
            log.exception("reading %s failed. It starts again", HANDOFF)
        await asyncio.sleep(PAUSE_S)


async def _records(consumer: Consumer, releases: Keeps) -> None:
    while True:
        records = await consumer.poll(timeout_s=POLL_S)
        for record in records:
            await keep(record, releases)
        if records:
            await consumer.commit({record.place: record.offset + 1 for record in records})


async def keep(record: Record, releases: Keeps) -> None:
    """Keep the release that a record holds, if it holds one. Raises Unavailable."""
    try:
        packet = decode_keyed(Handoff, record.key, record.value, record.headers)
    except Undecodable as broken:
        log.warning("%s offset %d is no packet: %s", record.place, record.offset, broken)
        return
    if packet.step is Step.RELEASED:
        await releases.keep(packet.session_id, record.timestamp_ms)
