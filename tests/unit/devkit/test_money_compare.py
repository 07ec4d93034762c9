"""Books of the models' money, held against each other."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from devkit.money.compare import differences, lines
from devkit.simulator.book import End, Entry
from ledger.audit import Audit, Call, Sum
from ledger.book import Spent

SPENT = Spent(100, 20, 0, 0, Decimal("0.000020000"))


def billed(call: str, **more: Any) -> Entry:
    fields: dict[str, Any] = {
        "request_id": f"r-{call}",
        "call": call,
        "model": "haiku-5-5",
        "task": "warm",
        "profile": "faithful",
        "input_tokens": 100,
        "output_tokens": 20,
        "cached_tokens": 0,
        "cache_write_tokens": 0,
        "cost_usd": 0.00002,
        "end": End.COMPLETE,
        "arrived_ms": 0.0,
    }
    return Entry.model_validate(fields | more)


def audit(**more: Any) -> Audit:
    fields: dict[str, Any] = {
        "calls": {"c1": Call("billed", SPENT), "c2": Call("reconciled", SPENT)},
        "bookings": Sum(1, SPENT),
        "adjustments": Sum(1, SPENT),
        "session_spend_usd": Decimal("0.00004"),
        "turns": [],
        "sessions": [],
        "claims": [],
        "missing": [],
    }
    return Audit(**(fields | more))


def test_equal_books_differ_in_nothing() -> None:
    provider = [billed("c1"), billed("c2")]
    assert differences(audit(), provider) == []
    _, _, both, calls, theirs = lines(audit(), provider)
    assert both.sum == calls.sum == theirs.sum == Sum(2, SPENT + SPENT)


def test_the_real_provider_has_no_book_here() -> None:
    assert [line.book for line in lines(audit(), None)][-1] == "calls"
    assert differences(audit(), None) == []


@pytest.mark.parametrize(
    ("provider", "told"),
    [
        ([billed("c1")], "ours, 100/0/0/20 tokens, $0.000020000, not billed"),
        ([billed("c1"), billed("c2"), billed("c3")], "not ours"),
        ([billed("c1"), billed("c2", output_tokens=21)], "billed 100/0/0/21 tokens"),
        ([billed("c1"), billed("c2", cost_usd=0.000020001)], "$0.000020001, in our books"),
    ],
)
def test_a_call_that_the_provider_tells_otherwise(provider: list[Entry], told: str) -> None:
    (found,) = differences(audit(), provider)
    assert found.where == "call"
    assert told in found.told


def test_a_call_without_a_bill_is_a_difference_until_it_is_reconciled() -> None:
    calls = {"c1": Call("unknown", Spent()), "c2": Call("billed", SPENT)}
    books = audit(calls=calls, adjustments=Sum())
    (found,) = differences(books, [billed("c1"), billed("c2")])
    assert (found.what, found.told) == ("c1", "unknown: its bill is not known")
    assert books.open_calls == 1
    assert books.called == Sum(1, SPENT)


def test_a_call_that_cost_nothing_need_not_be_billed() -> None:
    calls = {**audit().calls, "c3": Call("billed", Spent())}
    assert differences(audit(calls=calls), [billed("c1"), billed("c2")]) == []


def test_calls_without_a_name_are_nobodys() -> None:
    provider = [billed("c1"), billed("c2"), billed("c3").model_copy(update={"call": None})]
    assert differences(audit(), provider) == []


def test_every_kind_of_difference_is_told() -> None:
    tokens = {"output_tokens": 20, "cost_usd": Decimal("0.00002"), "booked": False}
    books = replace(
        audit(),
        turns=[{"turn_id": "t1", **tokens}],
        sessions=[{"session_id": "s1", "spent_usd": Decimal(1), "cost_usd": Decimal(2)}],
        claims=[{"turn_id": "t2", "booked_usd": Decimal(1), "claimed_usd": None}],
        missing=[{"turn_id": "t3"}],
    )
    found = differences(books, None)
    assert [one.where for one in found] == ["turn", "session", "claim", "turn"]
    assert found[0].told.endswith("not booked yet")
    assert found[2].told == "booked $1, claimed nothing"
    assert found[3].told == "answered, not booked"
