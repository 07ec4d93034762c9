"""The books in Postgres: all of this service's SQL. Tables and views stand in 0006_ledger.sql,
`release_holds` in 0009_hold.sql.

Every method raises Unavailable when Postgres is away, slow or full.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import asyncpg

from ledger.audit import Audit, read_audit
from ledger.book import Entry, spent_on
from ledger.cell import BOUNDS_MS, Cell, bucketed
from ledger.live import PANE_S, Key, Pane
from telemetry.database import querying
from worker.handler import Unavailable

ACQUIRE_TIMEOUT_S = 2.0
STATEMENT_TIMEOUT_S = 20.0
"""Nobody waits for the ledger: a slow statement is better than one given up and made again."""

POOL_SIZE = 4

BOOK = """
WITH given AS (
    SELECT * FROM unnest(
        $1::text[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[],
        $8::text[], $9::timestamptz[], $10::timestamptz[], $11::bigint[], $12::int[],
        $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::numeric[], $18::bool[],
        $19::text[], $20::int[], $21::bigint[])
), booked AS (
    INSERT INTO booking (session_id, turn_id, turn_no, tier, use_case, status, reason, model_size,
        asked_at, answered_at, latency_ms, calls, input_tokens, output_tokens, cached_tokens,
        cache_write_tokens, cost_usd, simulated, read_on, partition_no, record_offset)
    SELECT * FROM given ORDER BY 1, 2
    ON CONFLICT DO NOTHING
    RETURNING session_id, turn_id
), called AS (
    INSERT INTO booked_call (session_id, turn_id, number, model, input_tokens, output_tokens,
        cached_tokens, cache_write_tokens, cost_usd, simulated)
    SELECT call.* FROM unnest(
        $22::text[], $23::text[], $24::int[], $25::text[], $26::int[], $27::int[], $28::int[],
        $29::int[], $30::numeric[], $31::bool[])
        AS call (session_id, turn_id, number, model, input_tokens, output_tokens, cached_tokens,
                 cache_write_tokens, cost_usd, simulated)
    JOIN booked USING (session_id, turn_id)
)
SELECT session_id, turn_id FROM booked
"""
BOOK_WIDTH, CALL_WIDTH = 21, 10

ADJUST = "SELECT adjust_calls(now() - $1::interval)"
RELEASE = "SELECT calls, usd FROM release_holds($1)"

# width_bucket counts a bound to the bucket above it, our buckets to the one below: hence the half.
RECENT = """
SELECT use_case, tier, model_size,
       floor(extract(epoch FROM answered_at) / $1)::bigint * $1 AS second,
       width_bucket(latency_ms - 0.5, $2::numeric[]) AS bucket, count(*) AS turns,
       count(*) FILTER (WHERE simulated) AS simulated, sum(cost_usd)::float8 AS cost_usd
  FROM booking WHERE answered_at > now() - $3::interval
 GROUP BY 1, 2, 3, 4, 5
"""

BY_DAY = """
SELECT day::text, tier, use_case, model_size, simulated, turns, without_model, calls::bigint,
       input_tokens::bigint, output_tokens::bigint, cached_tokens::bigint,
       cache_write_tokens::bigint, cost_usd, adjusted_usd
  FROM money_by_day WHERE day > (now() AT TIME ZONE 'UTC')::date - $1::int
 ORDER BY day DESC, tier, use_case, model_size, simulated
"""
BY_MODEL = """
SELECT e.model, e.kind, e.simulated, count(*) AS calls, sum(e.input_tokens) AS input_tokens,
       sum(e.output_tokens) AS output_tokens, sum(e.cached_tokens) AS cached_tokens,
       sum(e.cache_write_tokens) AS cache_write_tokens, sum(e.cost_usd) AS cost_usd
  FROM money_entry e JOIN money_by_turn t USING (session_id, turn_id)
 WHERE (t.asked_at AT TIME ZONE 'UTC')::date > (now() AT TIME ZONE 'UTC')::date - $1::int
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
SESSIONS = """
SELECT count(*) AS sessions, coalesce(max(turns), 0) AS most_turns,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY cost_usd)::float8 AS cost_p50_usd
  FROM (SELECT session_id, count(*) AS turns, sum(cost_usd) AS cost_usd FROM money_by_turn
         WHERE (asked_at AT TIME ZONE 'UTC')::date > (now() AT TIME ZONE 'UTC')::date - $1::int
         GROUP BY session_id) AS one
"""
OPEN = "SELECT count(*) AS calls, coalesce(sum(reserved_usd), 0) AS reserved_usd FROM money_open"

AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    OSError,
    TimeoutError,
)
"""What says that Postgres is away, slow or full. Any other error of it is a bug."""

T = TypeVar("T")


@dataclass(frozen=True)
class Sums:
    """The books' sums over some days: rows as the SQL above names them."""

    by_day: list[dict[str, Any]]
    by_model: list[dict[str, Any]]
    sessions: dict[str, Any]
    open_calls: dict[str, Any]


@dataclass(frozen=True)
class Released:
    """How many calls' holds were taken off their sessions, and what was held, in USD."""

    calls: int
    usd: Decimal


class Repository:
    """Writes and sums the books."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def book(self, entries: Sequence[Entry]) -> set[tuple[str, str]]:
        """Write entries, of different turns; returns those turns that were not in the books yet.

        One statement, one transaction: a booking and its calls are there together or not at all.
        """
        bookings = [_booking(entry) for entry in entries]
        calls = [row for entry in entries for row in _calls(entry)]
        values = (*_columns(bookings, BOOK_WIDTH), *_columns(calls, CALL_WIDTH))
        rows = await self._run("INSERT", "booking", lambda c: c.fetch(BOOK, *values))
        return {(row["session_id"], row["turn_id"]) for row in rows}

    async def adjust(self, since: timedelta) -> int:
        """Book the calls begun within `since` that no reply carries; returns how many."""
        added: int = await self._run("INSERT", "adjustment", lambda c: c.fetchval(ADJUST, since))
        return added

    async def release(self, older: timedelta) -> Released:
        """Take the holds of calls begun longer ago off their sessions, at most a thousand."""
        row = await self._run("UPDATE", "session_spend", lambda c: c.fetchrow(RELEASE, older))
        return Released(**row)

    async def recent(self, seconds: int) -> list[Pane]:
        """The turns answered within the last seconds, as the live windows hold them."""
        bounds, since = list(BOUNDS_MS), timedelta(seconds=seconds)
        rows = await self._run(
            "SELECT", "booking", lambda c: c.fetch(RECENT, PANE_S, bounds, since)
        )
        return [_pane(row) for row in rows]

    async def sums(self, days: int) -> Sums:
        """The money of the last `days` days, today included."""

        async def read(connection: Any) -> Sums:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                by_day = await connection.fetch(BY_DAY, days)
                by_model = await connection.fetch(BY_MODEL, days)
                sessions = await connection.fetchrow(SESSIONS, days)
                open_calls = await connection.fetchrow(OPEN)
            rows = [dict(row) for row in by_day], [dict(row) for row in by_model]
            return Sums(*rows, dict(sessions), dict(open_calls))

        return await self._run("SELECT", "money_by_day", read)

    async def audit(self, *, answered_before_s: float) -> Audit:
        """Every book of the models' money, at one moment."""

        async def read(connection: Any) -> Audit:
            return await read_audit(connection, answered_before_s=answered_before_s)

        return await self._run("SELECT", "money_difference", read)

    async def _run(self, verb: str, table: str, statement: Callable[[Any], Awaitable[T]]) -> T:
        with querying(verb, table, f"{verb} {table}"):
            try:
                async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
                    return await statement(connection)
            except AWAY as error:
                raise Unavailable("postgres", f"the books cannot be reached: {error!r}") from error


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _booking(entry: Entry) -> tuple[Any, ...]:
    reply, place, spent = entry.reply, entry.place, entry.spent
    return (
        *entry.turn,
        reply.turn_no,
        entry.tier,
        entry.use_case,
        reply.status.value,
        reply.reason,
        entry.model_size,
        _moment(reply.asked_at),
        _moment(place.timestamp_ms),
        entry.latency_ms,
        entry.calls,
        spent.input_tokens,
        spent.output_tokens,
        spent.cached_tokens,
        spent.cache_write_tokens,
        spent.cost_usd,
        entry.simulated,
        entry.read_on,
        place.partition,
        place.offset,
    )


def _calls(entry: Entry) -> list[tuple[Any, ...]]:
    return [
        (
            *entry.turn,
            number,
            usage.model,
            usage.input_tokens,
            usage.output_tokens,
            usage.cached_tokens,
            usage.cache_write_tokens,
            spent_on(usage).cost_usd,
            usage.simulated,
        )
        for number, usage in enumerate(entry.usage, 1)
    ]


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [[row[at] for row in rows] for at in range(width)]


def _pane(row: Any) -> Pane:
    cell = Cell(
        turns=row["turns"],
        simulated=row["simulated"],
        cost_usd=row["cost_usd"],
        latencies=bucketed({row["bucket"]: row["turns"]}),
    )
    return Pane(Key(row["use_case"], row["tier"], row["model_size"]), row["second"], cell)


@asynccontextmanager
async def open_repository(dsn: str) -> AsyncIterator[Repository]:
    """A repository on a pool of its own. Postgres may be away: connections open when needed."""
    pool = asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=POOL_SIZE,
        timeout=ACQUIRE_TIMEOUT_S,
        command_timeout=STATEMENT_TIMEOUT_S + 1,
        server_settings={
            "application_name": "ledger",
            "statement_timeout": f"{STATEMENT_TIMEOUT_S * 1000:.0f}",
        },
    )
    async with pool:
        yield Repository(pool)
