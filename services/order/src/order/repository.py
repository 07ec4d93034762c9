"""The shop's rows: all of this service's SQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from events.envelope import Identity
from events.turn import Turn
from order.facts import Found
from worker.handler import Unavailable

ACQUIRE_TIMEOUT_S = 0.3
STATEMENT_TIMEOUT_S = 0.5
"""Per statement, kept by the server; the client waits a little longer before it gives up."""

POOL_SIZE = 8
NEWEST = 5

LOOK_UP = "SELECT look_up_orders($1, $2, $3, $4, $5, $6, $7, $8)"

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


@dataclass(frozen=True)
class Wanted:
    """Which orders: the one named, else the open ones or the newest ones."""

    order_id: str | None = None
    open_only: bool = False


class Repository:
    """Reads a customer's own orders, and notes each look in `order_access`, once a turn."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def look_up(self, turn: Turn, identity: Identity, use_case: str, want: Wanted) -> Found:
        """The orders as wanted, at most five; none for a visitor, an unknown or a foreign order.

        One statement, one transaction: row security is set to the customer, the orders are read,
        the look is noted. Raises Unavailable when Postgres is away, slow or full.
        """
        values = (identity.customer_id, identity.frontend, turn.session_id, turn.turn_id)
        try:
            async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
                found = await connection.fetchval(
                    LOOK_UP, *values, use_case, want.order_id, want.open_only, NEWEST
                )
        except AWAY as error:
            raise Unavailable("postgres", f"orders cannot be read: {error!r}") from error
        return Found.model_validate_json(found)


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
