"""The last minutes of replies, by session, so that a client that was away can catch up."""

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import NamedTuple

from events.preview import Preview
from events.reader import Reader
from events.reply import Reply

MAX_AGE_MS = 5 * 60 * 1000
MAX_REPLIES = 100_000
MAX_SESSION_REPLIES = 200

WRITTEN = re.compile(r"(\d{1,9})-(\d{1,18})")


class Position(NamedTuple):
    """Where a reply stands in `chat.egress`. Written `partition-offset`: the id of its event."""

    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.partition}-{self.offset}"

    @classmethod
    def parse(cls, written: str) -> "Position":
        """The position in an event's id. Raises ValueError."""
        if not (match := WRITTEN.fullmatch(written)):
            raise ValueError("an event's id is two numbers: partition-offset")
        return cls(int(match[1]), int(match[2]))


@dataclass(frozen=True, slots=True)
class Kept:
    """One reply as it went out: `data` is the event's JSON."""

    position: Position
    data: str


@dataclass(slots=True)
class _Log:
    reader: Reader = field(default_factory=lambda: Reader(limit=MAX_SESSION_REPLIES))
    replies: OrderedDict[str, Kept] = field(default_factory=OrderedDict)
    seen_ms: int = 0


class Window:
    """Applies the reader's rule and keeps what passed.

    A session is forgotten five minutes after its newest event, or when 100,000 replies are kept and
    it was quiet the longest. Of one session the newest 200 replies are kept.
    """

    def __init__(self, max_replies: int = MAX_REPLIES, max_age_ms: int = MAX_AGE_MS) -> None:
        self._logs: OrderedDict[str, _Log] = OrderedDict()
        self._max_replies = max_replies
        self._max_age_ms = max_age_ms
        self._ends: dict[int, int] = {}
        self.replies = 0

    def _log(self, session_id: str, seen_ms: int) -> _Log:
        log = self._logs.setdefault(session_id, _Log())
        log.seen_ms = max(log.seen_ms, seen_ms)
        self._logs.move_to_end(session_id)
        return log

    def reply(self, reply: Reply, kept: Kept, seen_ms: int) -> bool:
        """Keep a reply. False when the reader's rule drops it. `seen_ms` is the broker's time."""
        self._ends[kept.position.partition] = kept.position.offset
        log = self._log(reply.session_id, seen_ms)
        if not log.reader.reply(reply):
            return False
        log.replies[reply.turn_id] = kept
        self.replies += 1
        if len(log.replies) > MAX_SESSION_REPLIES:
            log.replies.popitem(last=False)
            self.replies -= 1
        self.forget(seen_ms)
        return True

    def preview(self, preview: Preview, seen_ms: int) -> list[str] | None:
        """The sentences to show now, None when the reader's rule drops the preview."""
        return self._log(preview.session_id, seen_ms).reader.preview(preview)

    def forget(self, now_ms: int) -> None:
        """Drop what is too old or too much."""
        while self._logs and self._over(next(iter(self._logs.values())), now_ms):
            _, log = self._logs.popitem(last=False)
            self.replies -= len(log.replies)

    def _over(self, quietest: _Log, now_ms: int) -> bool:
        old = quietest.seen_ms < now_ms - self._max_age_ms
        return old or (self.replies > self._max_replies and len(self._logs) > 1)

    def get(self, session_id: str, turn_id: str) -> Kept | None:
        """The reply to one turn, None when it is not in the window."""
        log = self._logs.get(session_id)
        return log.replies.get(turn_id) if log else None

    def after(self, session_id: str, position: Position | None) -> list[Kept]:
        """The session's replies that stand after a position, oldest first; all of them for None."""
        log = self._logs.get(session_id)
        replies = list(log.replies.values()) if log else []
        return [kept for kept in replies if position is None or kept.position > position]

    def known(self, position: Position) -> bool:
        """Whether the position lies in what was read: False after the topic was created anew."""
        return position.offset <= self._ends.get(position.partition, -1)
