"""The dead-letter queue: original bytes, and headers that say their place and what is wrong."""

import logging
import time
from collections import deque

from bus.record import Record
from events.wire import Message

log = logging.getLogger(__name__)

DETAIL_CHARACTERS = 500


def letter(record: Record, *, service: str, reason: str, detail: str) -> Message:
    """The message for `chat.dlq`. Original headers stay, the trace context included."""
    explained = {
        "dlq_reason": reason,
        "dlq_detail": detail[:DETAIL_CHARACTERS],
        "dlq_service": service,
        "dlq_topic": record.topic,
        "dlq_partition": str(record.partition),
        "dlq_offset": str(record.offset),
        "dlq_timestamp_ms": str(record.timestamp_ms),
    }
    headers = {name: text.encode("utf-8", "replace") for name, text in explained.items()}
    return Message(record.key or b"", record.value or b"", dict(record.headers) | headers)


class Limit:
    """Trips when a worker dead-letters everything, as after a bad deploy: it then stops consuming.

    Counts only what is our own fault (a bug, an undecodable record on an inner topic): poison from
    outside must not close the door. Trips at `most` letters within `window_s` seconds.
    """

    def __init__(self, most: int = 100, window_s: float = 60.0) -> None:
        self._window_s = window_s
        self._times: deque[float] = deque(maxlen=most)
        self.tripped: str | None = None

    def count(self) -> None:
        """One more letter of our own fault."""
        self._times.append(time.monotonic())
        most = self._times.maxlen or 0
        if len(self._times) == most and self._times[-1] - self._times[0] < self._window_s:
            self.tripped = f"{most} dead letters within {self._window_s:.0f} s"
            log.critical("consuming stops: %s", self.tripped)
