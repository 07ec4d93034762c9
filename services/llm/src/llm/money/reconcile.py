"""Balances the calls whose bill is unknown against the provider's own book."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from llm.money.call import Bill, BillState
from llm.money.repository import OpenCall
from llm.money.tokens import Tokens
from playbook.price import Price

SURE_AFTER_S = 60.0
"""No call lasts as long, nor is one billed later than that after it began."""

ABSENT = "not in the book"


class Books(Protocol):
    """What is needed of the repository."""

    async def open_calls(self) -> list[OpenCall]:
        """See `llm.money.repository.Repository.open_calls`."""
        ...

    async def end_call(self, session_id: str, call_id: str, bill: Bill) -> bool:
        """See `llm.money.repository.Repository.end_call`."""
        ...


@dataclass(frozen=True)
class Balanced:
    """One call that was reconciled: what was held for it, and what it cost."""

    call_id: str
    model: str
    held_usd: Decimal
    cost_usd: float
    found: bool


@dataclass(frozen=True)
class Balance:
    """What a run did. `waiting` are calls too young to be sure of."""

    done: tuple[Balanced, ...]
    waiting: int


async def reconcile(
    books: Books, billed: Mapping[str, Tokens], prices: Mapping[str, Price], *, now: bool
) -> Balance:
    """Set every open call to what the provider billed; `billed` are its entries by call id.

    A call that is not in the book cost nothing, once it is a minute old, or at once with `now`.
    Running it again changes nothing. Raises Unavailable when Postgres is away.
    """
    done, waiting = [], 0
    for call in await books.open_calls():
        used = billed.get(call.call_id)
        if used is None and not now and call.age_s < SURE_AFTER_S:
            waiting += 1
            continue
        bill = _bill(used, prices[call.model])
        if await books.end_call(call.session_id, call.call_id, bill):
            done.append(
                Balanced(
                    call.call_id, call.model, call.reserved_usd, bill.cost_usd, used is not None
                )
            )
    return Balance(tuple(done), waiting)


def _bill(used: Tokens | None, price: Price) -> Bill:
    if used is None:
        return Bill(BillState.RECONCILED, why=ABSENT)
    return Bill(BillState.RECONCILED, used, used.cost_usd(price))
