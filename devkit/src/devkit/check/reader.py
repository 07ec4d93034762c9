"""Copies `chat.egress` and `chat.dlq` from their beginning into append-only logs, as they stand."""

import asyncio
from collections.abc import Callable

from bus.port import Bus, Consumer, Unsure
from bus.record import Record
from devkit.check.account import Dead, Seen
from devkit.check.history import Log
from events.reply import Reply
from events.topics import DLQ, EGRESS
from events.wire import Undecodable, decode_keyed


def seen_of(record: Record) -> Seen:
    """A record of `chat.egress`, decoded if it is a reply."""
    reply, broken = None, None
    try:
        reply = decode_keyed(Reply, record.key, record.value, record.headers)
    except Undecodable as error:
        broken = f"{error.reason}: {error}"
    return Seen(
        partition=record.partition,
        offset=record.offset,
        timestamp_ms=record.timestamp_ms,
        reply=reply,
        broken=broken,
    )


def dead_of(record: Record) -> Dead:
    """A record of `chat.dlq`, by its headers."""

    def header(name: str) -> str:
        return record.headers.get(f"dlq_{name}", b"").decode("utf-8", "replace")

    return Dead(
        topic=header("topic"),
        partition=int(header("partition") or -1),
        offset=int(header("offset") or -1),
        reason=header("reason"),
        detail=header("detail"),
        service=header("service"),
    )


async def _polled(tail: Consumer) -> list[Record]:
    try:
        return await tail.poll(timeout_s=0.5)
    except Unsure:
        # The broker is away: what it holds is read when it is back.
        await asyncio.sleep(0.5)
        return []


class Copyist:
    """Reads both topics in its own connections until it is cancelled; applies no rule.

    `answered` holds the broker's time stamp of each turn's first reply, in milliseconds.
    """

    def __init__(self, bus: Bus, egress: Log, dead: Log) -> None:
        self.answered: dict[tuple[str, str], int] = {}
        self.replies = 0
        self.letters = 0
        self._bus = bus
        self._egress = egress
        self._dead = dead

    async def run(self) -> None:
        """Copy for ever."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._copy(EGRESS, self._reply))
            both.create_task(self._copy(DLQ, self._letter))

    async def _copy(self, topic: str, write: Callable[[Record], None]) -> None:
        async with self._bus.tail(topic, since_ms=0) as tail:
            while True:
                for record in await _polled(tail):
                    write(record)

    def _reply(self, record: Record) -> None:
        seen = seen_of(record)
        self._egress.append(seen)
        self.replies += 1
        if seen.reply:
            key = (seen.reply.session_id, seen.reply.turn_id)
            self.answered.setdefault(key, seen.timestamp_ms)

    def _letter(self, record: Record) -> None:
        self._dead.append(dead_of(record))
        self.letters += 1
