"""Waits until every call is reconciled with the provider's book and booked by the ledger."""

import asyncio
from pathlib import Path

import asyncpg

from devkit.check.history import Log
from devkit.check.purse import BILLED, Bill
from devkit.money.balance import balanced
from devkit.stack.stack import Stack

SETTLE_S = 40.0
LOOK_S = 0.5

OPEN = """
SELECT (SELECT count(*) FROM booking_missing) + (SELECT count(*) FROM money_difference)
     + (SELECT count(*) FROM money_open)
"""


async def settle(stack: Stack, playbook: Path, answered: int) -> None:
    """Reconcile until nothing is open and all `answered` turns are booked; after forty seconds the
    books tell what still is."""
    connection = await asyncpg.connect(stack.admin_dsn)
    try:
        for _ in range(int(SETTLE_S / LOOK_S)):
            await balanced(stack.dsn("llm"), stack.simulator.url, playbook, now=True)
            booked = await connection.fetchval("SELECT count(*) FROM booking")
            if booked >= answered and not await connection.fetchval(OPEN):
                return
            await asyncio.sleep(LOOK_S)
    finally:
        await connection.close()


async def write_bills(stack: Stack, folder: Path) -> None:
    """Copy the provider's book into a log."""
    with Log(folder / BILLED) as log:
        for entry in await stack.simulator.book():
            bill = Bill(
                call_id=entry.call,
                end=entry.end,
                model=entry.model,
                input_tokens=entry.input_tokens,
                output_tokens=entry.output_tokens,
                cached_tokens=entry.cached_tokens,
                cache_write_tokens=entry.cache_write_tokens,
                cost_nano_usd=round(entry.cost_usd * 1e9),
                arrived_ms=entry.arrived_ms,
                last_token_ms=entry.last_token_ms,
            )
            log.append(bill)
