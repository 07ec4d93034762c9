"""Copies the topics that the system writes from their beginning into logs, as they stand."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from bus.port import Bus, Consumer, Unsure
from bus.record import Record
from devkit.check.account import Dead, Packet, Piece, Seen
from devkit.check.history import Log
from devkit.check.papers import DEAD, EGRESS, PACKETS, PREVIEWS
from devkit.check.turns import Key
from events import topics
from events.handoff import Handoff
from events.preview import Preview
from events.reply import Reply
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


def piece_of(record: Record) -> Piece:
    """A record of `chat.stream`, decoded if it is a preview."""
    preview, broken = None, None
    try:
        preview = decode_keyed(Preview, record.key, record.value, record.headers)
    except Undecodable as error:
        broken = f"{error.reason}: {error}"
    return Piece(
        partition=record.partition,
        offset=record.offset,
        timestamp_ms=record.timestamp_ms,
        preview=preview,
        broken=broken,
    )


def packet_of(record: Record) -> Packet:
    """A record of `chat.handoff`. Raises Undecodable."""
    packet = decode_keyed(Handoff, record.key, record.value, record.headers)
    return Packet(
        partition=record.partition,
        offset=record.offset,
        session_id=packet.session_id,
        turn_id=packet.turn_id,
        step=packet.step,
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


class Copies:
    """The logs that the copies go to, in one folder."""

    def __init__(self, folder: Path) -> None:
        names = (EGRESS, DEAD, PREVIEWS, PACKETS)
        self.egress, self.dead, self.previews, self.packets = (Log(folder / one) for one in names)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for log in (self.egress, self.dead, self.previews, self.packets):
            log.close()


@dataclass(frozen=True)
class Answered:
    """A turn's first reply, and the broker's stamp of it in milliseconds."""

    at_ms: int
    reply: Reply


class Copyist:
    """Reads all topics in its own connections until it is cancelled; applies no rule.

    `answered` holds each turn's first reply, `epochs` the highest epoch that previews of a turn
    came from.
    """

    def __init__(self, bus: Bus, copies: Copies) -> None:
        self.answered: dict[Key, Answered] = {}
        self.epochs: dict[Key, int] = defaultdict(int)
        self.replies = 0
        self.letters = 0
        self._bus = bus
        self._copies = copies

    async def run(self) -> None:
        """Copy for ever."""
        async with asyncio.TaskGroup() as all_of_them:
            for topic, write in (
                (topics.EGRESS, self._reply),
                (topics.DLQ, self._letter),
                (topics.STREAM, self._preview),
                (topics.HANDOFF, self._packet),
            ):
                all_of_them.create_task(self._copy(topic, write))

    async def _copy(self, topic: str, write: Callable[[Record], None]) -> None:
        async with self._bus.tail(topic, since_ms=0) as tail:
            while True:
                for record in await _polled(tail):
                    write(record)

    def _reply(self, record: Record) -> None:
        seen = seen_of(record)
        self._copies.egress.append(seen)
        self.replies += 1
        if seen.reply:
            key = (seen.reply.session_id, seen.reply.turn_id)
            self.answered.setdefault(key, Answered(seen.timestamp_ms, seen.reply))

    def _letter(self, record: Record) -> None:
        self._copies.dead.append(dead_of(record))
        self.letters += 1

    def _preview(self, record: Record) -> None:
        piece = piece_of(record)
        self._copies.previews.append(piece)
        if piece.preview:
            key = (piece.preview.session_id, piece.preview.turn_id)
            self.epochs[key] = max(self.epochs[key], piece.preview.epoch)

    def _packet(self, record: Record) -> None:
        self._copies.packets.append(packet_of(record))
