"""Loads the playbook's customers and orders into the shop's tables, as their owner."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal, Self

import asyncpg
from pydantic import Field, model_validator

from order.facts import State
from playbook.source import Entry, read_model

CUSTOMER = """
INSERT INTO customer (customer_id, name) VALUES ($1, $2)
ON CONFLICT (customer_id) DO UPDATE SET name = excluded.name
"""
FORGET = "DELETE FROM shop_order WHERE order_id = ANY ($1)"
ORDER = """
INSERT INTO shop_order (order_id, customer_id, state, placed_on, promised_on, due_on, shipped_on,
                        delivered_on, closed_on, carrier, tracking_no)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
LINE = """
INSERT INTO order_line (order_id, customer_id, line_no, series, volume, quantity, price_cents)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
CHARGE = """
INSERT INTO charge (order_id, customer_id, charge_no, kind, state, amount_cents, made_on, method,
                    invoice_no)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


class SeedLine(Entry):
    """Volumes of one series at one price each; no volumes for a single book."""

    series: str
    volumes: tuple[int | None, ...] = (None,)
    price_cents: int = Field(ge=0)


class SeedCharge(Entry):
    """Money that moved on a `day`; the order's total where no amount is given."""

    kind: Literal["authorisation", "charge", "refund"] = "charge"
    state: Literal["pending", "settled", "failed"] = "settled"
    day: int
    method: str
    amount_cents: int | None = None
    invoice_no: str | None = None


class SeedOrder(Entry):
    """One order. All days count from today: -3 is three days ago, so a demo stays plausible."""

    id: str = Field(pattern=r"^[A-Z]{3}\d{3}$")
    state: State
    placed: int
    promised: int | None = None
    due: int | None = None
    shipped: int | None = None
    delivered: int | None = None
    closed: int | None = None
    carrier: str | None = None
    tracking_no: str | None = None
    shipping_cents: int = 0
    lines: tuple[SeedLine, ...] = Field(min_length=1)
    charges: tuple[SeedCharge, ...] = ()

    @property
    def total_cents(self) -> int:
        """Books and shipping."""
        books = sum(line.price_cents * len(line.volumes) for line in self.lines)
        return books + self.shipping_cents


class SeedCustomer(Entry):
    """One customer with orders."""

    id: str = Field(min_length=1)
    name: str
    orders: tuple[SeedOrder, ...] = ()


class Seed(Entry):
    """customers.yaml."""

    customers: tuple[SeedCustomer, ...]

    @model_validator(mode="after")
    def _each_order_once(self) -> Self:
        ids = [order.id for customer in self.customers for order in customer.orders]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"order ids stand there twice: {', '.join(twice)}")
        return self


def read_seed(path: Path) -> Seed:
    """The customers in a file. Raises PlaybookError."""
    return read_model(path, Seed)


async def load(dsn: str, path: Path) -> int:
    """Write the customers of a file, replacing their orders; returns how many orders there are.

    `dsn` is the owner's: row security lets nobody else write. Loading again moves the dates to
    today. Raises PlaybookError, and asyncpg's errors.
    """
    seed = read_seed(path)
    today = datetime.now(UTC).date()
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            return await _load(connection, seed, today)
    finally:
        await connection.close()


async def _load(connection: asyncpg.Connection, seed: Seed, today: date) -> int:
    pairs = [(one.id, order) for one in seed.customers for order in one.orders]
    await connection.executemany(CUSTOMER, [(one.id, one.name) for one in seed.customers])
    await connection.execute(FORGET, [order.id for _, order in pairs])
    await connection.executemany(ORDER, [_order(who, order, today) for who, order in pairs])
    await connection.executemany(LINE, [row for pair in pairs for row in _lines(*pair)])
    charges = [row for who, order in pairs for row in _charges(who, order, today)]
    await connection.executemany(CHARGE, charges)
    return len(pairs)


def _order(who: str, order: SeedOrder, today: date) -> tuple[object, ...]:
    days = (order.placed, order.promised, order.due, order.shipped, order.delivered, order.closed)
    dates = (None if day is None else today + timedelta(days=day) for day in days)
    return (order.id, who, order.state.value, *dates, order.carrier, order.tracking_no)


def _lines(who: str, order: SeedOrder) -> list[tuple[object, ...]]:
    books = [(line, volume) for line in order.lines for volume in line.volumes]
    return [
        (order.id, who, number, line.series, volume, 1, line.price_cents)
        for number, (line, volume) in enumerate(books, start=1)
    ]


def _charges(who: str, order: SeedOrder, today: date) -> list[tuple[object, ...]]:
    return [
        (
            *(order.id, who, number, charge.kind, charge.state),
            order.total_cents if charge.amount_cents is None else charge.amount_cents,
            *(today + timedelta(days=charge.day), charge.method, charge.invoice_no),
        )
        for number, charge in enumerate(order.charges, start=1)
    ]
