"""Open calls against the provider's book."""

from dataclasses import dataclass, field
from decimal import Decimal

from suites.reference_shop import shop

from llm.money.call import Bill, BillState
from llm.money.reconcile import reconcile
from llm.money.repository import OpenCall
from llm.money.tokens import Tokens

PRICES = shop().prices.usd_per_million_tokens


@dataclass
class Book:
    calls: list[OpenCall]
    ended: dict[str, Bill] = field(default_factory=dict)

    async def open_calls(self) -> list[OpenCall]:
        return [one for one in self.calls if one.call_id not in self.ended]

    async def end_call(self, session_id: str, call_id: str, bill: Bill) -> bool:
        new = call_id not in self.ended
        self.ended.setdefault(call_id, bill)
        return new


def call(name: str, age_s: float) -> OpenCall:
    return OpenCall("s-1", name, "haiku-5-5", "unknown", Decimal("0.002"), age_s)


async def test_what_the_book_knows_is_booked_whatever_its_age() -> None:
    book = Book([call("a", 1.0)])
    balance = await reconcile(book, {"a": Tokens(1000, 200, 0, 0)}, PRICES, now=False)
    assert book.ended["a"] == Bill(BillState.RECONCILED, Tokens(1000, 200), 0.0002)
    (done,) = balance.done
    assert (done.call_id, done.cost_usd, done.held_usd, done.found) == (
        "a",
        0.0002,
        Decimal("0.002"),
        True,
    )


async def test_what_it_does_not_know_cost_nothing_after_a_minute_or_at_once() -> None:
    book = Book([call("young", 59.0), call("old", 61.0)])
    balance = await reconcile(book, {}, PRICES, now=False)
    assert list(book.ended) == ["old"]
    assert book.ended["old"].cost_usd == 0
    assert balance.waiting == 1
    assert (await reconcile(book, {}, PRICES, now=True)).waiting == 0
    assert set(book.ended) == {"old", "young"}


async def test_again_it_changes_nothing() -> None:
    book = Book([call("a", 100.0)])
    await reconcile(book, {"a": Tokens(1, 1)}, PRICES, now=True)
    again = await reconcile(book, {"a": Tokens(9, 9)}, PRICES, now=True)
    assert not again.done
    assert book.ended["a"].tokens == Tokens(1, 1)
