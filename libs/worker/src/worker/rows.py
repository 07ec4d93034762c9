"""The turn row in Postgres: a turn's decision, its reply, and the context it leaves.

One statement each way on the hot path. All clocks are the database's.
"""

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg

from events.reply import Reply
from events.turn import Said, Turn
from worker.handler import Unavailable
from worker.row import Opening, Row, stored_form, text_hash

log = logging.getLogger(__name__)

ACQUIRE_TIMEOUT_S = 0.3
STATEMENT_TIMEOUT_S = 1.0
AWAY_PAUSE_S = 0.5

OPEN = """
(SELECT turn_id, turn_no, state, text_sha256, decision, reply, context
   FROM turn WHERE session_id = $1 AND turn_id = $2)
UNION ALL
(SELECT turn_id, turn_no, state, NULL, NULL, NULL, context
   FROM turn WHERE session_id = $1 AND turn_id <> $2
  ORDER BY turn_no DESC LIMIT 4)
"""

DECIDE = """
INSERT INTO turn (session_id, turn_id, turn_no, text_sha256, decision)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (session_id, turn_id) DO NOTHING
"""

FINISH = """
INSERT INTO turn AS t
       (session_id, turn_id, turn_no, text_sha256, state, reply, context, answered_at)
VALUES ($1, $2, $3, $4, 'answered', $5, $6, now())
ON CONFLICT (session_id, turn_id) DO UPDATE
   SET state = 'answered', reply = excluded.reply, context = excluded.context, answered_at = now()
 WHERE t.state = 'routed'
RETURNING 1
"""

STORED_REPLY = "SELECT reply FROM turn WHERE session_id = $1 AND turn_id = $2"

PUBLISHED = """
UPDATE turn SET state = 'published'
  FROM unnest($1::text[], $2::text[]) AS done (session_id, turn_id)
 WHERE turn.session_id = done.session_id AND turn.turn_id = done.turn_id
   AND turn.state = 'answered'
"""

T = TypeVar("T")


class PostgresRows:
    """The turn rows of one worker, as `worker.row.Rows` promises."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._away_until = 0.0

    async def open(self, said: Said) -> Opening:
        """Read the turn's own row and its session's newest others."""
        found = await self._run(lambda c: c.fetch(OPEN, said.session_id, said.turn_id))
        rows = [Row(*record) for record in found]
        own = next((row for row in rows if row.turn_id == said.turn_id), None)
        others = [row for row in rows if row.turn_id != said.turn_id]
        return Opening(own, sorted(others, key=lambda row: -row.turn_no))

    async def decide(self, turn: Turn) -> bool:
        """Store a routed turn before it is published; False when the turn has a row already."""
        digest, body = text_hash(turn.text), stored_form(turn)
        values = (turn.session_id, turn.turn_id, turn.turn_no or 0, digest, body)
        status = await self._run(lambda c: c.execute(DECIDE, *values))
        return bool(status == "INSERT 0 1")

    async def finish(self, turn: Turn, reply: Reply) -> Reply:
        """Store a turn's reply and the context it leaves; returns the reply that stands.

        The first reply stands: a redelivered turn gets the stored one back.
        """
        context = reply.leaves.model_dump_json(exclude_none=True) if reply.leaves else None
        body = reply.public().model_dump_json(exclude_none=True)
        number = turn.turn_no or 0
        values = (turn.session_id, turn.turn_id, number, text_hash(turn.text), body, context)
        if await self._run(lambda c: c.fetchval(FINISH, *values)):
            return reply
        stored = await self._run(lambda c: c.fetchval(STORED_REPLY, turn.session_id, turn.turn_id))
        return Reply.model_validate_json(stored)

    async def published(self, turns: Sequence[tuple[str, str]]) -> None:
        """Mark replies as published: pairs of session id and turn id."""
        sessions, ids = [pair[0] for pair in turns], [pair[1] for pair in turns]
        await self._run(lambda c: c.execute(PUBLISHED, sessions, ids))

    async def _run(self, statement: Callable[[Any], Awaitable[T]]) -> T:
        if time.monotonic() < self._away_until:
            raise Unavailable("postgres", "Postgres did not answer a moment ago")
        try:
            async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
                return await statement(connection)
        except (
            asyncpg.PostgresConnectionError,
            asyncpg.InterfaceError,
            OSError,
            TimeoutError,
        ) as e:
            self._away_until = time.monotonic() + AWAY_PAUSE_S
            raise Unavailable("postgres", f"the turn row cannot be reached: {e!r}") from e


@asynccontextmanager
async def open_rows(dsn: str, service: str, size: int = 8) -> AsyncIterator[PostgresRows]:
    """A pool for turn rows alone: they alone may be lost in a crash of Postgres (docs/adr/0002)."""
    pool = asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=size,
        command_timeout=STATEMENT_TIMEOUT_S,
        server_settings={"synchronous_commit": "off", "application_name": service},
    )
    async with pool:
        yield PostgresRows(pool)
