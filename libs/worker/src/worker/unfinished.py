"""Replies that went out and could not be stored: kept, and stored as soon as Postgres is back.

What a reply leaves (a hand-off, an open return) is only on its row: without it the bot would go on
in a session that a person has.
"""

import asyncio
import logging

from events.reply import Reply
from events.turn import Turn
from worker.blame import blamed
from worker.handler import Unavailable
from worker.row import Rows

log = logging.getLogger(__name__)

MOST_UNFINISHED = 10_000
"""Replies kept while Postgres is away: the newest. A few kilobytes each."""
AT_ONCE = 256


class Unfinished:
    """The replies of one worker that are still to be stored."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._waiting: list[tuple[Turn, Reply]] = []

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, turn: Turn, reply: Reply) -> None:
        """This reply is out and has no row yet; the oldest gives way where there are too many."""
        self._waiting.append((turn, reply))
        if len(self._waiting) > MOST_UNFINISHED:
            lost, _ = self._waiting.pop(0)
            log.error("the reply to turn %s is never stored: too many wait", lost.turn_id)

    async def store(self) -> list[tuple[str, str]]:
        """Store what waits; the (session, turn) ids of what is stored now. The rest waits on."""
        batch = self._waiting[:AT_ONCE]
        results = await asyncio.gather(
            *(self._rows.finish(turn, reply) for turn, reply in batch), return_exceptions=True
        )
        self._waiting = self._waiting[len(batch) :]
        stored = []
        for (turn, reply), result in zip(batch, results, strict=True):
            if isinstance(result, Unavailable):
                self._waiting.append((turn, reply))
            elif isinstance(result, BaseException):
                log.error("the reply to turn %s cannot be stored: %s", turn.turn_id, blamed(result))
            else:
                stored.append((turn.session_id, turn.turn_id))
        return stored
