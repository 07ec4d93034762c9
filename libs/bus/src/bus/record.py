"""What comes off a topic, and where it stood."""

from dataclasses import dataclass
from typing import NamedTuple


class Partition(NamedTuple):
    """One partition of one topic."""

    topic: str
    number: int


@dataclass(frozen=True, slots=True)
class Record:
    """One record as bytes. `timestamp_ms` is the broker's (LogAppendTime).

    `broken` says why the client could not unpack it: then nothing of it is known but its place.
    """

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: dict[str, bytes]
    broken: str | None = None

    @property
    def place(self) -> Partition:
        """The partition it stood in."""
        return Partition(self.topic, self.partition)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The broker's acknowledgement of one message."""

    partition: int
    offset: int
    timestamp_ms: int
