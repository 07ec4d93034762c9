"""What turns left in Postgres, read as the administrator and copied into logs."""

from pathlib import Path

import asyncpg
from pydantic import BaseModel

from devkit.check.account import Effect, Return
from devkit.check.history import Log
from devkit.check.papers import EFFECTS, RETURNS
from devkit.check.purse import (
    BOOKED,
    CALLS,
    CLAIMS,
    ENTERED,
    SPENDS,
    Booked,
    Call,
    Claim,
    Entered,
    Spend,
)

OPENED = """
SELECT l.session_id, l.turn_id, l.label_no, l.order_id,
       coalesce(array_agg(r.line_no ORDER BY r.line_no) FILTER (WHERE r.line_no IS NOT NULL), '{}')
           AS lines
  FROM return_label l LEFT JOIN return_request r USING (label_no) GROUP BY l.label_no
"""
# Of a call of an earlier epoch it is not known any more who made it.
MADE = """
SELECT l.session_id, l.turn_id, l.call_id, l.epoch, l.state, l.why, l.model,
       CASE WHEN c.epoch = l.epoch THEN c.owner::text END AS owner,
       l.input_tokens, l.output_tokens, l.cached_tokens, l.cache_write_tokens,
       (l.cost_usd * 1000000000)::bigint AS cost_nano_usd,
       extract(epoch FROM l.started_at)::float8 * 1000 AS started_ms,
       extract(epoch FROM l.ended_at)::float8 * 1000 AS ended_ms
  FROM llm_call l LEFT JOIN claim c USING (session_id, turn_id) ORDER BY l.started_at
"""
CLAIMED = "SELECT session_id, turn_id, epoch, state, task FROM claim"
MONEY = """
SELECT kind, session_id, turn_id, model, input_tokens, output_tokens, cached_tokens,
       cache_write_tokens, (cost_usd * 1000000000)::bigint AS cost_nano_usd
  FROM money_entry
"""
SPENT = """
SELECT session_id, (reserved_usd * 1000000000)::bigint AS reserved_nano_usd,
       (spent_usd * 1000000000)::bigint AS spent_nano_usd
  FROM session_spend
"""
TABLES: tuple[tuple[str, str, type[BaseModel]], ...] = (
    (EFFECTS, "SELECT session_id, turn_id FROM order_access", Effect),
    (RETURNS, OPENED, Return),
    (CALLS, MADE, Call),
    (CLAIMS, CLAIMED, Claim),
    (ENTERED, MONEY, Entered),
    (SPENDS, SPENT, Spend),
    (BOOKED, "SELECT session_id, turn_id FROM booking", Booked),
)
"""Each log, the rows that go into it, and what a row is."""


async def customers_orders(admin_dsn: str) -> dict[str, tuple[str, ...]]:
    """The order numbers of each customer of the shop."""
    rows = await _rows(admin_dsn, "SELECT customer_id, order_id FROM shop_order ORDER BY 1, 2")
    orders: dict[str, tuple[str, ...]] = {}
    for customer, order in rows:
        orders[customer] = (*orders.get(customer, ()), order)
    return orders


async def write_rows(admin_dsn: str, folder: Path) -> None:
    """Copy what the turns of the run left in the tables into logs in `folder`."""
    for name, query, row in TABLES:
        with Log(folder / name) as log:
            for one in await _rows(admin_dsn, query):
                log.append(row(**one))


async def _rows(dsn: str, query: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetch(query)
    finally:
        await connection.close()
