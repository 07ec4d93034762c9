"""Who has a conversation: releases as the desk posts them, kept in Postgres.

A release ends a hand-off that was opened before it, by the broker's stamps of both.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

import asyncpg

from events.handoff import HANDOFF_FLOW
from events.turn import Turn
from worker.away import AWAY
from worker.handler import Unavailable

OPENED_AT = "opened_at"
POOL_SIZE = 2
ACQUIRE_TIMEOUT_S = 0.3
STATEMENT_TIMEOUT_S = 0.5

KEEP = """
INSERT INTO handoff_release AS kept (session_id, released_ms) VALUES ($1, $2)
ON CONFLICT (session_id) DO UPDATE
   SET released_ms = greatest(kept.released_ms, excluded.released_ms)
"""
RELEASED = "SELECT released_ms FROM handoff_release WHERE session_id = $1"


class Kept(Protocol):
    """What is known of releases."""

    async def released_ms(self, session_id: str) -> int | None:
        """The newest release of a session, or None. Raises Unavailable."""
        ...


class Releases:
    """The table `handoff_release`: the newest release of each session, in the broker's time."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def keep(self, session_id: str, released_ms: int) -> None:
        """Store a release; an older one than is stored changes nothing. Raises Unavailable."""
        try:
            async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
                await connection.execute(KEEP, session_id, released_ms)
        except AWAY as error:
            raise Unavailable("postgres", f"a release cannot be kept: {error!r}") from error

    async def released_ms(self, session_id: str) -> int | None:
        """The newest release of a session, or None. Raises Unavailable."""
        try:
            async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
                found = await connection.fetchval(RELEASED, session_id)
        except AWAY as error:
            raise Unavailable("postgres", f"releases cannot be read: {error!r}") from error
        assert found is None or isinstance(found, int)
        return found


async def without_released(turn: Turn, *, releases: Kept) -> Turn:
    """The turn without a hand-off that the desk has ended; asks only where one is open.

    Raises Unavailable: who has the conversation is then not known, so the customer is told to ask
    again, and is neither left in silence nor answered over a person's head.
    """
    flow = turn.context.flow
    if flow is None or flow.name != HANDOFF_FLOW:
        return turn
    released = await releases.released_ms(turn.session_id)
    if released is None or released <= int(flow.data[OPENED_AT]):
        return turn
    context = turn.context.model_copy(update={"flow": None})
    return turn.model_copy(update={"context": context})


@asynccontextmanager
async def open_releases(dsn: str) -> AsyncIterator[Releases]:
    """Releases on a pool of their own. Postgres may be away: connections open when needed."""
    pool = asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=POOL_SIZE,
        timeout=ACQUIRE_TIMEOUT_S,
        command_timeout=STATEMENT_TIMEOUT_S,
        server_settings={"application_name": "classifier-releases"},
    )
    async with pool:
        yield Releases(pool)
