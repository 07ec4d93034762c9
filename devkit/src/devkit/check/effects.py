"""What the order tier left in Postgres, read as the administrator."""

import asyncpg

from devkit.check.account import Effect
from devkit.check.history import Log


async def customers_orders(admin_dsn: str) -> dict[str, tuple[str, ...]]:
    """The order numbers of each customer of the shop."""
    rows = await _rows(admin_dsn, "SELECT customer_id, order_id FROM shop_order ORDER BY 1, 2")
    orders: dict[str, tuple[str, ...]] = {}
    for customer, order in rows:
        orders[customer] = (*orders.get(customer, ()), order)
    return orders


async def write_effects(admin_dsn: str, log: Log) -> None:
    """Copy the rows of `order_access` into a log."""
    for session, turn in await _rows(admin_dsn, "SELECT session_id, turn_id FROM order_access"):
        log.append(Effect(session_id=session, turn_id=turn))


async def _rows(dsn: str, query: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetch(query)
    finally:
        await connection.close()
