"""The shop's rows: all of this service's SQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from events.envelope import Identity
from events.turn import Turn
from order.facts import Found
from order.returns.facts import Opened, Shelf
from order.returns.wish import Wish
from telemetry.database import querying
from worker.away import AWAY
from worker.handler import Unavailable

ACQUIRE_TIMEOUT_S = 0.3
STATEMENT_TIMEOUT_S = 0.5
"""Per statement, kept by the server; the client waits a little longer before it gives up."""

POOL_SIZE = 8
NEWEST = 5

LOOK_UP = "SELECT look_up_orders($1, $2, $3, $4, $5, $6, $7, $8)"
LOOK_UP_RETURNS = "SELECT look_up_returns($1, $2, $3, $4, $5, $6)"
OPEN_RETURN = "SELECT open_return($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"


@dataclass(frozen=True)
class Wanted:
    """Which orders: the one named, else the open ones or the newest ones."""

    order_id: str | None = None
    open_only: bool = False


class Repository:
    """Reads a customer's own orders, notes each look in `order_access`, and opens returns."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def look_up(self, turn: Turn, identity: Identity, use_case: str, want: Wanted) -> Found:
        """The orders as wanted, at most five; none for a visitor, an unknown or a foreign order.

        One statement, one transaction: row security is set to the customer, the orders are read,
        the look is noted. Raises Unavailable when Postgres is away, slow or full.
        """
        values = (*_who(turn, identity), use_case, want.order_id, want.open_only, NEWEST)
        return Found.model_validate_json(await self._run("shop_order", LOOK_UP, *values))

    async def look_up_returns(self, turn: Turn, identity: Identity, asked_for: str | None) -> Shelf:
        """The newest delivered orders and the one named, and what this very turn opened before.

        One statement, one transaction, noted like `look_up`. Raises Unavailable.
        """
        values = (*_who(turn, identity), asked_for, NEWEST)
        found = await self._run("shop_order", LOOK_UP_RETURNS, *values)
        return Shelf.model_validate_json(found)

    async def open_return(
        self, turn: Turn, identity: Identity, wish: Wish, days: int
    ) -> Opened | None:
        """Open a whole wish until so many days after the delivery; what this turn opened before.

        One statement, one transaction: number, requests, refund or exchange are there together or
        not at all. None where the rows do not allow it (any more). Raises Unavailable: then it may
        have happened, and the same turn finds out.
        """
        who = (identity.customer_id, turn.session_id, turn.turn_id, wish.order_id)
        how = (wish.kind, days, wish.reason, wish.choice, wish.instead)
        opened = await self._run("return_request", OPEN_RETURN, *who, list(wish.lines), *how)
        return Opened.model_validate_json(opened) if opened else None

    async def _run(self, table: str, statement: str, *values: object) -> Any:
        """The JSON, or None, that a statement `SELECT function(…)` returns."""
        summary = statement.partition("(")[0]
        try:
            with querying("SELECT", table, summary):
                async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
                    return await connection.fetchval(statement, *values)
        except AWAY as error:
            raise Unavailable("postgres", f"{table} cannot be reached: {error!r}") from error


def _who(turn: Turn, identity: Identity) -> tuple[str | None, ...]:
    """Whose rows, and what is noted of the look."""
    return identity.customer_id, identity.frontend, turn.session_id, turn.turn_id


@asynccontextmanager
async def open_repository(dsn: str) -> AsyncIterator[Repository]:
    """A repository on a pool of its own. Postgres may be away: connections open when needed."""
    pool = asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=POOL_SIZE,
        timeout=ACQUIRE_TIMEOUT_S,
        command_timeout=STATEMENT_TIMEOUT_S + 0.1,
        server_settings={
            "application_name": "order",
            "statement_timeout": f"{STATEMENT_TIMEOUT_S * 1000:.0f}",
        },
    )
    async with pool:
        yield Repository(pool)
