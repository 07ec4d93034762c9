"""Price and stock, as they are while the customer asks: all of this service's SQL."""

import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import asyncpg

from rag.books.stock import Copy, Stock
from telemetry.database import querying
from worker.away import AWAY
from worker.handler import Unavailable

ACQUIRE_TIMEOUT_S = 0.15
STATEMENT_TIMEOUT_S = 0.2
"""Together less than the half second in which a turn that needs no price must be answered too."""

AWAY_PAUSE_S = 1.0
POOL_SIZE = 8

OF_SERIES = """
SELECT volume, price_cents, available, due_on FROM stock WHERE series_id = $1 ORDER BY volume
"""
FORGET = "DELETE FROM stock WHERE series_id = ANY ($1)"
WRITE = """
INSERT INTO stock (series_id, volume, price_cents, available, due_on) VALUES ($1, $2, $3, $4, $5)
"""


class Repository:
    """Reads the shop's stock."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._away_until = 0.0

    async def stock_of(self, series_id: str) -> Stock:
        """What is on sale of a series. Raises Unavailable when Postgres is away, slow or full."""
        if time.monotonic() < self._away_until:
            raise Unavailable("postgres", "Postgres did not answer a moment ago")
        try:
            with querying("SELECT", "stock", "SELECT stock"):
                async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
                    rows = await connection.fetch(OF_SERIES, series_id)
        except AWAY as error:
            self._away_until = time.monotonic() + AWAY_PAUSE_S
            raise Unavailable("postgres", f"stock cannot be read: {error!r}") from error
        return Stock(copies=tuple(Copy(**dict(row)) for row in rows))


@asynccontextmanager
async def open_repository(dsn: str) -> AsyncIterator[Repository]:
    """A repository on a pool of its own. Postgres may be away: connections open when needed."""
    pool = asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=POOL_SIZE,
        timeout=ACQUIRE_TIMEOUT_S,
        command_timeout=STATEMENT_TIMEOUT_S,
        server_settings={"application_name": "rag"},
    )
    async with pool:
        yield Repository(pool)


async def write_stock(dsn: str, rows: Iterable[tuple[str, Copy]]) -> int:
    """Replace the stock of the series that are named, as the table's owner; how many rows.

    Raises asyncpg's errors.
    """
    values = [(series, *copy.model_dump().values()) for series, copy in rows]
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await connection.execute(FORGET, sorted({value[0] for value in values}))
            await connection.executemany(WRITE, values)
    finally:
        await connection.close()
    return len(values)
