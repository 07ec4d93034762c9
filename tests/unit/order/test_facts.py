"""What is read off an order: its books in short, and money that was taken twice."""

from datetime import date

import pytest

from order.facts import Charge, Line, Order, State


def order(lines: list[tuple[str, int | None]], charges: tuple[tuple[str, str, int], ...]) -> Order:
    day = date(2026, 11, 12)
    return Order(
        order_id="ABC123",
        state=State.PAID,
        placed_on=day,
        promised_on=None,
        due_on=None,
        shipped_on=None,
        delivered_on=None,
        closed_on=None,
        carrier=None,
        tracking_no=None,
        lines=tuple(
            Line(series=series, volume=volume, quantity=1, price_cents=999)
            for series, volume in lines
        ),
        charges=tuple(
            Charge(
                kind=kind, state=state, amount_cents=cents, made_on=day, method="x", invoice_no=None
            )
            for kind, state, cents in charges
        ),
    )


@pytest.mark.parametrize(
    ("lines", "books"),
    [
        ([("Berserk", 1)], "Berserk 1"),
        ([("Berserk", 3), ("Berserk", 1), ("Berserk", 2)], "Berserk 1–3"),
        ([("Berserk", 1), ("Berserk", 2), ("Berserk", 7)], "Berserk 1–2, 7"),
        ([("Monster", 2), ("Akira", None)], "Akira, Monster 2"),
        ([("Akira", 1), ("Akira", 1)], "Akira 1"),
    ],
)
def test_books_in_short(lines: list[tuple[str, int | None]], books: str) -> None:
    assert order(lines, ()).books == books


@pytest.mark.parametrize(
    ("charges", "twice"),
    [
        ((), None),
        ((("charge", "settled", 100),), None),
        ((("charge", "settled", 100), ("charge", "settled", 100)), 100),
        ((("charge", "settled", 100), ("charge", "settled", 200)), None),
        ((("authorisation", "pending", 100), ("charge", "settled", 100)), None),
        ((("charge", "failed", 100), ("charge", "settled", 100)), None),
        (
            (("charge", "settled", 100), ("charge", "settled", 100), ("refund", "settled", 100)),
            None,
        ),
    ],
)
def test_money_taken_twice(charges: tuple[tuple[str, str, int], ...], twice: int | None) -> None:
    assert order([("Akira", 1)], charges).taken_twice == twice
