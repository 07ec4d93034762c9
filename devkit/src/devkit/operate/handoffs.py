"""Conversations that a person has: read off `chat.handoff`, and given back to the bot there."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bus.port import Bus
from bus.record import Record
from devkit.operate.whole import whole
from events.handoff import Handoff, Step
from events.topics import HANDOFF
from events.wire import Undecodable, decode_keyed, encode


@dataclass(frozen=True)
class Held:
    """One conversation that a person has: the packet that opened it, and what followed."""

    opened: Handoff
    since: datetime
    turns: int
    last: str


def held_by_session(records: Iterable[Record]) -> dict[str, Held]:
    """The conversations not given back, by session. Records come oldest first."""
    held: dict[str, Held] = {}
    for record in records:
        try:
            packet = decode_keyed(Handoff, record.key, record.value, record.headers)
        except Undecodable:
            # Nobody's packet; the classifier's log tells of it.
            continue
        _take(held, packet, record.timestamp_ms)
    return held


def _take(held: dict[str, Held], packet: Handoff, stamp_ms: int) -> None:
    known = held.get(packet.session_id)
    if packet.step is Step.RELEASED:
        held.pop(packet.session_id, None)
    elif known is None:
        since = datetime.fromtimestamp(stamp_ms / 1000, UTC)
        held[packet.session_id] = Held(packet, since, 1, packet.said)
    else:
        held[packet.session_id] = replace(known, turns=known.turns + 1, last=packet.said)


async def read(bus: Bus) -> dict[str, Held]:
    """The conversations that persons have now, as far back as the topic is kept: a day."""
    return held_by_session(await whole(bus, HANDOFF))


async def release(bus: Bus, session_id: str, held: Held | None) -> None:
    """Give a conversation back to the bot, also one that was opened longer ago than a day."""
    packet = Handoff(
        session_id=session_id,
        turn_id=held.opened.turn_id if held else f"release-{uuid.uuid4().hex}",
        step=Step.RELEASED,
        reason="released",
        asked_at=held.opened.asked_at if held else 0,
    )
    async with bus.producer("desk") as producer:
        await producer.send(HANDOFF, encode(packet, "desk"))
