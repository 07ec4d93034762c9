"""Claims, calls and their money: all of this service's SQL. The functions stand in
0003_claim.sql and 0009_hold.sql.

Each method is one round trip and one transaction, and raises Unavailable when Postgres is away,
slow or full. All clocks are the database's.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import asyncpg

from events.reply import Reply
from events.turn import Turn
from llm.money.call import Bill, Call, Ending
from telemetry.database import querying
from worker.away import AWAY
from worker.handler import Unavailable

ACQUIRE_TIMEOUT_S = 0.5
STATEMENT_TIMEOUT_S = 0.5
"""Per statement, kept by the server; the client waits a little longer before it gives up."""

POOL_SIZE = 12
LEASE = timedelta(seconds=8)

RENEW = "SELECT renew_lease($1, $2)"
LEAVE = "DELETE FROM claim_owner WHERE owner = $1 OR lease_until < now() - interval '1 hour'"
TAKE = "SELECT * FROM take_claim($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
ADD = "SELECT add_call($1, $2, $3, $4, $5, $6, $7, $8, $9)"
END_CALL = "SELECT end_call($1, $2, $3, $4, $5, $6, $7, $8, $9)"
END_CLAIM = "SELECT end_claim($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
LOOK = """
SELECT CASE WHEN state = 'running' AND NOT owner_lives(owner) THEN 'lapsed' ELSE state END AS state,
       reply, owner
  FROM claim WHERE session_id = $1 AND turn_id = $2
"""
OPEN_CALLS = """
SELECT l.session_id, l.call_id, l.model, l.state, l.reserved_usd,
       extract(epoch FROM now() - l.started_at)::float8 AS age_s
  FROM llm_call l LEFT JOIN claim c USING (session_id, turn_id)
 WHERE l.state = 'unknown'
    OR (l.state = 'started' AND (l.started_at < now() - interval '60 s'
                                 OR c.state IS DISTINCT FROM 'running'
                                 OR c.epoch > l.epoch OR NOT owner_lives(c.owner)))
 ORDER BY l.started_at
"""

BOOKED = """
SELECT count(*) AS calls, coalesce(sum(input_tokens), 0) AS input_tokens,
       coalesce(sum(output_tokens), 0) AS output_tokens,
       coalesce(sum(cached_tokens), 0) AS cached_tokens,
       coalesce(sum(cache_write_tokens), 0) AS cache_write_tokens,
       (coalesce(sum(cost_usd), 0) * 1000000000)::bigint AS cost_nano_usd
  FROM llm_call
 WHERE state IN ('billed', 'reconciled')
   AND input_tokens + output_tokens + cached_tokens + cache_write_tokens > 0
"""

T = TypeVar("T")


@dataclass(frozen=True)
class Took:
    """What `take` found: taken, settled (with the reply), answered (the turn has another
    reply), busy, exhausted (tried often enough) or over."""

    outcome: str
    epoch: int
    reply: Reply | None


@dataclass(frozen=True)
class Found:
    """How a turn's claim stands, and whose it is: running, lapsed, settled (with the reply) or
    failed."""

    state: str
    reply: Reply | None
    owner: UUID


@dataclass(frozen=True)
class OpenCall:
    """A call whose bill is not known, though nobody works on it any more."""

    session_id: str
    call_id: str
    model: str
    state: str
    reserved_usd: Decimal
    age_s: float


@dataclass(frozen=True)
class Booked:
    """Sums over all calls that cost something. Nano-dollars, so that sums are exact."""

    calls: int
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    cache_write_tokens: int
    cost_nano_usd: int


class Repository:
    """Reads and writes claims."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def renew(self, owner: UUID) -> None:
        """This worker lives for another eight seconds."""
        await self._run("INSERT", "claim_owner", lambda c: c.execute(RENEW, owner, LEASE))

    async def leave(self, owner: UUID) -> None:
        """This worker ends: its claims may be taken at once."""
        await self._run("DELETE", "claim_owner", lambda c: c.execute(LEAVE, owner))

    async def take(self, turn: Turn, owner: UUID, call: Call) -> Took:
        """Take a turn for this owner, and reserve its first call."""
        values = (*_place(turn), owner, LEASE, turn.task, *_reserving(call))
        row = await self._run("INSERT", "claim", lambda c: c.fetchrow(TAKE, *values))
        return Took(row["outcome"], row["epoch_now"], _reply(row["stored"]))

    async def add(self, turn: Turn, epoch: int, call: Call) -> str:
        """Reserve a further call of a claim: taken, over or superseded."""
        values = (*_place(turn), epoch, *_reserving(call))
        said: str = await self._run("INSERT", "llm_call", lambda c: c.fetchval(ADD, *values))
        return said

    async def look(self, turn: Turn) -> Found | None:
        """How the turn's claim stands; None where nobody took it yet."""
        row = await self._run("SELECT", "claim", lambda c: c.fetchrow(LOOK, *_place(turn)))
        return Found(row["state"], _reply(row["reply"]), row["owner"]) if row else None

    async def end_call(self, session_id: str, call_id: str, bill: Bill) -> bool:
        """Say what became of a call; False where that is known already."""
        values = (session_id, call_id, *_billing(bill))
        done: bool = await self._run("UPDATE", "llm_call", lambda c: c.fetchval(END_CALL, *values))
        return done

    async def end(self, ending: Ending) -> bool:
        """Settle or fail a claim, and end its last call; False where a later owner has it."""
        reply = ending.reply.model_dump_json(exclude_none=True) if ending.reply else None
        state = "settled" if reply else "failed"
        place = (ending.session_id, ending.turn_id, ending.epoch, state, reply, ending.call_id)
        values = (*place, *_billing(ending.bill))
        won: bool = await self._run("UPDATE", "claim", lambda c: c.fetchval(END_CLAIM, *values))
        return won

    async def open_calls(self) -> list[OpenCall]:
        """The calls that must be looked up in the provider's book, oldest first."""
        rows = await self._run("SELECT", "llm_call", lambda c: c.fetch(OPEN_CALLS))
        return [OpenCall(**row) for row in rows]

    async def booked(self) -> Booked:
        """What all calls have cost so far, as far as it is known."""
        row = await self._run("SELECT", "llm_call", lambda c: c.fetchrow(BOOKED))
        return Booked(**row)

    async def _run(self, verb: str, table: str, statement: Callable[[Any], Awaitable[T]]) -> T:
        with querying(verb, table, f"{verb} {table}"):
            try:
                async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
                    return await statement(connection)
            except AWAY as error:
                raise Unavailable("postgres", f"claims cannot be reached: {error!r}") from error


def _place(turn: Turn) -> tuple[str, str]:
    return turn.session_id, turn.turn_id


def _usd(amount: float) -> Decimal:
    return Decimal(f"{amount:.9f}")


def _reserving(call: Call) -> tuple[str, str, Decimal, Decimal, bool, str]:
    most, cap = _usd(call.reserved_usd), _usd(call.cap_usd)
    return call.call_id, call.model, most, cap, call.simulated, call.read_on


def _billing(bill: Bill) -> tuple[str, int, int, int, int, Decimal, str | None]:
    used = bill.tokens
    counts = (used.input, used.output, used.cached, used.cache_write)
    return bill.state, *counts, _usd(bill.cost_usd), bill.why


def _reply(stored: str | None) -> Reply | None:
    return Reply.model_validate_json(stored) if stored else None


@asynccontextmanager
async def open_repository(dsn: str, size: int = POOL_SIZE) -> AsyncIterator[Repository]:
    """A repository on a pool of its own. Postgres may be away: connections open when needed."""
    pool = asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=size,
        timeout=ACQUIRE_TIMEOUT_S,
        command_timeout=STATEMENT_TIMEOUT_S + 0.1,
        server_settings={
            "application_name": "llm",
            "statement_timeout": f"{STATEMENT_TIMEOUT_S * 1000:.0f}",
        },
    )
    async with pool:
        yield Repository(pool)
