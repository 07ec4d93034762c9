"""The turn rows in Postgres. One statement each way on the hot path, shared by concurrent turns.

All clocks are the database's.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, TypeVar

import asyncpg

from events.reply import Reply
from events.turn import Said, Turn
from worker.away import AWAY
from worker.batch import Batch
from worker.handler import Unavailable
from worker.row import Opening, Row, stored_form, text_hash

ACQUIRE_TIMEOUT_S = 0.3
STATEMENT_TIMEOUT_S = 1.0
AWAY_PAUSE_S = 0.5

OPEN = """
SELECT wanted.at, own.turn_id, own.turn_no, own.state, own.text_sha256,
       own.decision, own.reply, NULL::jsonb AS context
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (session_id, turn_id, at)
  JOIN turn AS own USING (session_id, turn_id)
UNION ALL
SELECT wanted.at, other.turn_id, other.turn_no, other.state, NULL, NULL, NULL, NULL
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (session_id, turn_id, at)
 CROSS JOIN LATERAL (
       SELECT * FROM turn
        WHERE turn.session_id = wanted.session_id AND turn.turn_id <> wanted.turn_id
        ORDER BY turn.turn_no DESC LIMIT 4) AS other
UNION ALL
SELECT wanted.at, open.turn_id, open.turn_no, open.state, NULL, NULL, NULL, NULL
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (session_id, turn_id, at)
 CROSS JOIN LATERAL (
       SELECT * FROM (
              SELECT * FROM turn
               WHERE turn.session_id = wanted.session_id AND turn.turn_id <> wanted.turn_id
               ORDER BY turn.turn_no DESC OFFSET 4 LIMIT 60) AS older
        WHERE older.state <> 'published' AND older.asked_at > now() - interval '60 s'
        ORDER BY older.turn_no LIMIT 1) AS open
UNION ALL
SELECT wanted.at, left_by.turn_id, left_by.turn_no, left_by.state, NULL, NULL, NULL, left_by.context
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (session_id, turn_id, at)
 CROSS JOIN LATERAL (
       SELECT * FROM turn
        WHERE turn.session_id = wanted.session_id AND turn.turn_id <> wanted.turn_id
          AND turn.context IS NOT NULL
        ORDER BY turn.turn_no DESC LIMIT 1) AS left_by
"""
"""Own row, the newest others, the oldest open one, and the newest that left a context: any number
of refused or unanswered turns may stand before that one. Only its row has a context here."""

DECIDE = """
INSERT INTO turn (session_id, turn_id, turn_no, text_sha256, decision)
SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::bytea[], $5::jsonb[])
ON CONFLICT (session_id, turn_id) DO NOTHING
RETURNING session_id, turn_id
"""

FINISH = """
INSERT INTO turn AS t
       (session_id, turn_id, turn_no, text_sha256, reply, context, state, answered_at)
SELECT done.session_id, done.turn_id,
       CASE WHEN done.turn_no = 0 AND done.context IS NOT NULL
            THEN (SELECT coalesce(max(turn.turn_no), 0) + 1 FROM turn
                   WHERE turn.session_id = done.session_id)
            ELSE done.turn_no END,
       done.text_sha256, done.reply, done.context, 'answered', now()
  FROM unnest($1::text[], $2::text[], $3::int[], $4::bytea[], $5::jsonb[], $6::jsonb[])
       AS done (session_id, turn_id, turn_no, text_sha256, reply, context)
ON CONFLICT (session_id, turn_id) DO UPDATE
   SET state = 'answered', reply = excluded.reply, context = excluded.context, answered_at = now(),
       turn_no = greatest(t.turn_no, excluded.turn_no)
 WHERE t.state = 'routed'
RETURNING session_id, turn_id
"""
"""What leaves a context and could not be numbered when it came is numbered now, as the newest."""

STORED_REPLY = "SELECT reply FROM turn WHERE session_id = $1 AND turn_id = $2"

PUBLISHED = """
UPDATE turn SET state = 'published'
  FROM unnest($1::text[], $2::text[]) AS done (session_id, turn_id)
 WHERE turn.session_id = done.session_id AND turn.turn_id = done.turn_id
   AND turn.state = 'answered'
"""

T = TypeVar("T")


class _Written(NamedTuple):
    """The values of one row to insert."""

    session_id: str
    turn_id: str
    turn_no: int
    text_sha256: bytes
    decision_or_reply: str
    context: str | None = None


def _columns(items: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [[item[at] for item in items] for at in range(width)]


def _taken(done: set[tuple[str, str]], place: tuple[str, str]) -> bool:
    """Whether a row was written, for the first that asks: of two equal ones only one was."""
    wrote = place in done
    done.discard(place)
    return wrote


class PostgresRows:
    """The turn rows of one worker, as `worker.row.Rows` promises."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._away_until = 0.0
        self._opening = Batch(self._open_many)
        self._deciding = Batch(self._decide_many)
        self._finishing = Batch(self._finish_many)

    async def open(self, said: Said) -> Opening:
        """Read the turn's own row and its session's newest others."""
        rows = await self._opening((said.session_id, said.turn_id))
        own = next((row for row in rows if row.turn_id == said.turn_id), None)
        left = next((row.context for row in rows if row.context is not None), None)
        others = {row.turn_id: row for row in rows if row.turn_id != said.turn_id}
        return Opening(own, sorted(others.values(), key=lambda row: -row.turn_no), left)

    async def decide(self, turn: Turn) -> bool:
        """Store a routed turn before it is published; False when the turn has a row already."""
        digest, body = text_hash(turn.text), stored_form(turn)
        row = _Written(turn.session_id, turn.turn_id, turn.turn_no or 0, digest, body)
        return await self._deciding(row)

    async def finish(self, turn: Turn, reply: Reply) -> Reply:
        """Store a turn's reply and the context it leaves; returns the reply that stands.

        The first reply stands: a redelivered turn gets the stored one back.
        """
        context = reply.leaves.model_dump_json(exclude_none=True) if reply.leaves else None
        body = reply.public().model_dump_json(exclude_none=True)
        place, digest = (turn.session_id, turn.turn_id), text_hash(turn.text)
        if await self._finishing(_Written(*place, turn.turn_no or 0, digest, body, context)):
            return reply
        stored = await self._run(lambda c: c.fetchval(STORED_REPLY, *place))
        return Reply.model_validate_json(stored)

    async def published(self, turns: Sequence[tuple[str, str]]) -> None:
        """Mark replies as published: pairs of session id and turn id."""
        # Sorted, as every statement of many rows here: two workers must not lock in two orders.
        await self._run(lambda c: c.execute(PUBLISHED, *_columns(sorted(turns), 2)))

    async def _open_many(self, wanted: Sequence[tuple[str, str]]) -> list[list[Row]]:
        found: list[list[Row]] = [[] for _ in wanted]
        for record in await self._run(lambda c: c.fetch(OPEN, *_columns(wanted, 2))):
            at, *values = record
            found[at - 1].append(Row(*values))
        return found

    async def _decide_many(self, rows: Sequence[_Written]) -> list[bool]:
        return await self._written(DECIDE, rows, width=5)

    async def _finish_many(self, rows: Sequence[_Written]) -> list[bool]:
        return await self._written(FINISH, rows, width=6)

    async def _written(self, statement: str, rows: Sequence[_Written], width: int) -> list[bool]:
        """Which of the rows the statement wrote."""
        values = _columns(sorted(rows, key=lambda row: row[:2]), width)
        records = await self._run(lambda c: c.fetch(statement, *values))
        done = {(record["session_id"], record["turn_id"]) for record in records}
        return [_taken(done, (row.session_id, row.turn_id)) for row in rows]

    async def _run(self, statement: Callable[[Any], Awaitable[T]]) -> T:
        if time.monotonic() < self._away_until:
            raise Unavailable("postgres", "Postgres did not answer a moment ago")
        try:
            async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
                return await statement(connection)
        except AWAY as error:
            self._away_until = time.monotonic() + AWAY_PAUSE_S
            raise Unavailable("postgres", f"the turn row cannot be reached: {error!r}") from error


async def _as_it_is(connection: object) -> None:
    """Nothing to reset: the statements leave no session state, and a reset is a round trip."""


@asynccontextmanager
async def open_rows(dsn: str, service: str, size: int = 4) -> AsyncIterator[PostgresRows]:
    """A pool for turn rows alone: they alone may be lost in a crash of Postgres (docs/adr/0002)."""
    pool = asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=size,
        command_timeout=STATEMENT_TIMEOUT_S,
        reset=_as_it_is,
        server_settings={"synchronous_commit": "off", "application_name": service},
    )
    async with pool:
        yield PostgresRows(pool)
