"""Orders as the database tells them: the only facts this tier speaks of."""

from collections import Counter
from datetime import date
from enum import StrEnum
from itertools import groupby

from pydantic import BaseModel, ConfigDict


class State(StrEnum):
    """The states of an order. Each has a template `order_STATE`."""

    PLACED = "placed"
    PAID = "paid"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    REFUNDED = "refunded"


class Line(BaseModel):
    """One title of an order. `volume` is None for what has no number, `price_cents` is for one."""

    model_config = ConfigDict(frozen=True)

    series: str
    volume: int | None
    quantity: int
    price_cents: int


class Charge(BaseModel):
    """Money that moved, or is reserved: `kind` authorisation, charge or refund."""

    model_config = ConfigDict(frozen=True)

    kind: str
    state: str
    amount_cents: int
    made_on: date
    method: str
    invoice_no: str | None

    @property
    def taken(self) -> bool:
        """Whether the customer's money was really taken."""
        return self.kind == "charge" and self.state == "settled"


class Order(BaseModel):
    """One order of the customer. Dates are days in UTC; what has not happened is None."""

    model_config = ConfigDict(frozen=True)

    order_id: str
    state: State
    placed_on: date
    promised_on: date | None
    due_on: date | None
    shipped_on: date | None
    delivered_on: date | None
    closed_on: date | None
    carrier: str | None
    tracking_no: str | None
    lines: tuple[Line, ...]
    charges: tuple[Charge, ...]

    @property
    def books(self) -> str:
        """What was ordered, in short: `Berserk 1–3, Monster 2`."""
        ordered = sorted(self.lines, key=lambda line: (line.series, line.volume or 0))
        series = groupby(ordered, key=lambda line: line.series)
        return ", ".join(_short(name, [line.volume for line in lines]) for name, lines in series)

    @property
    def taken_twice(self) -> int | None:
        """An amount in cents that was taken more than once for this order, or None."""
        amounts = Counter(charge.amount_cents for charge in self.charges if charge.taken)
        refunded = Counter(c.amount_cents for c in self.charges if c.kind == "refund")
        return next((a for a, count in amounts.items() if count - refunded[a] > 1), None)

    @property
    def pending(self) -> bool:
        """Whether an authorisation is still reserved."""
        return any(c.kind == "authorisation" and c.state == "pending" for c in self.charges)


class Found(BaseModel):
    """What a look-up brought, newest order first. `today` is the database's date."""

    model_config = ConfigDict(frozen=True)

    today: date
    orders: tuple[Order, ...]


def _short(series: str, volumes: list[int | None]) -> str:
    """`Berserk 1–3, 7` of the volumes 1, 2, 3 and 7."""
    numbers = sorted({volume for volume in volumes if volume is not None})
    runs = groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    spans = [[number for _, number in run] for _, run in runs]
    texts = [f"{span[0]}–{span[-1]}" if len(span) > 1 else str(span[0]) for span in spans]
    return f"{series} {', '.join(texts)}".strip()
