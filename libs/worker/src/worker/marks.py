"""Marks replies as published: what tells the next turn of a session that it may go."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from events.reply import Reply
from events.turn import Turn
from worker.row import Rows
from worker.unfinished import Unfinished

log = logging.getLogger(__name__)

AWAY_PAUSE_S = 0.2
MOST_PENDING = 10_000
"""Marks kept while Postgres is away: the newest, for the oldest sessions have waited already."""


class PublishedMarks:
    """Marks replies as published a few milliseconds late, many in one statement.

    Only a turn that follows within milliseconds waits for the mark, so it is off the hot path.
    """

    def __init__(self, rows: Rows, pause_s: float = 0.005) -> None:
        self._rows = rows
        self._pause_s = pause_s
        self._pending: list[tuple[str, str]] = []
        self._some = asyncio.Event()
        self._unfinished = Unfinished(rows)

    def finish_later(self, turn: Turn, reply: Reply) -> None:
        """The reply is out, its row could not be written: write it once Postgres is back."""
        self._unfinished.add(turn, reply)
        self._some.set()

    def add(self, session_id: str, turn_id: str) -> None:
        """The broker has acknowledged this turn's reply."""
        self._pending.append((session_id, turn_id))
        self._some.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Flush in the background, and once more on leaving."""
        flushing = asyncio.create_task(self._flushes(), name="published-marks")
        try:
            yield
        finally:
            flushing.cancel()
            await asyncio.wait((flushing,))
            await self.flush()

    async def _flushes(self) -> None:
        while True:
            await self._some.wait()
            await asyncio.sleep(self._pause_s)
            await self.flush()

    async def flush(self) -> None:
        """Write what is pending; what fails is tried again."""
        self._some.clear()
        await self._finish()
        turns, self._pending = self._pending, []
        if not turns:
            return
        try:
            await self._rows.published(turns)
        except BaseException as error:
            self._pending = (turns + self._pending)[-MOST_PENDING:]
            self._some.set()
            if not isinstance(error, Exception):
                raise
            log.warning("%d replies stay unmarked for now: %r", len(self._pending), error)
            await asyncio.sleep(AWAY_PAUSE_S)

    async def _finish(self) -> None:
        if not self._unfinished:
            return
        # Marked in the same go: the mark that came with the reply met no answered row.
        self._pending += await self._unfinished.store()
        if self._unfinished:
            self._some.set()
            log.warning("replies are out and not stored yet")
            await asyncio.sleep(AWAY_PAUSE_S)
