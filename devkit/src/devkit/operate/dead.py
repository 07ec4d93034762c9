"""Reads `chat.dlq`, and drives dead letters again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from bus.port import Bus
from bus.record import Record
from devkit.operate.whole import whole
from events.topics import DLQ
from events.wire import Message, turn_id_of

EXPLAINING = "dlq_"


@dataclass(frozen=True)
class Letter:
    """One dead letter: where the original stood, why it was given up, and the record itself."""

    topic: str
    place: str
    at: str
    reason: str
    service: str
    detail: str
    turn_id: str | None
    record: Record

    def original(self) -> Message:
        """Key, bytes and headers as they were."""
        headers = {
            name: value
            for name, value in self.record.headers.items()
            if not name.startswith(EXPLAINING)
        }
        return Message(self.record.key or b"", self.record.value or b"", headers)


def letter_of(record: Record) -> Letter:
    """A record of `chat.dlq`, read."""
    told = {name: value.decode("utf-8", "replace") for name, value in record.headers.items()}
    taken = datetime.fromtimestamp(int(told["dlq_timestamp_ms"]) / 1000, UTC)
    return Letter(
        topic=told["dlq_topic"],
        place=f"{told['dlq_topic']} {told['dlq_partition']}@{told['dlq_offset']}",
        at=taken.strftime("%Y-%m-%d %H:%M:%S"),
        reason=told["dlq_reason"],
        service=told["dlq_service"],
        detail=told["dlq_detail"],
        turn_id=turn_id_of(record.headers, record.value),
        record=record,
    )


async def read(bus: Bus) -> list[Letter]:
    """Every dead letter that is kept, oldest first; TimeoutError when the broker is too slow."""
    return [letter_of(record) for record in await whole(bus, DLQ)]


async def drive_again(bus: Bus, letters: Iterable[Letter]) -> int:
    """Publish the originals once more to their topics; returns how many."""
    count = 0
    async with bus.producer("drive-again") as producer:
        for letter in letters:
            await producer.send(letter.topic, letter.original())
            count += 1
    return count
