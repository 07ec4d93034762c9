"""The last resort of binding: what the last exchanges spoke of fills what a turn leaves out."""

import pytest
from suites.reference_shop import shop

from classifier.history.filling import filled
from classifier.history.hint import hinted
from events.context import Context, Exchange


def after(use_case: str, *exchanges: tuple[str, str], **entities: str) -> Context:
    recent = tuple(Exchange(said=said, replied=replied) for said, replied in exchanges)
    return Context(use_case=use_case, entities=entities, recent=recent)


ORDERS = after(
    "order_tracking",
    ("where are my orders", "#ABC123 was delivered on 9 June. #DEF456 still waits for Nana 3."),
)
DATED = after(
    "order_tracking", ("my last two", "Yours are #ABC123 of 3 March and #DEF456 of 20 March.")
)
BOOKS = after(
    "product_info",
    ("what is Monster", "Monster is about a brain surgeon who hunts a killer."),
    ("and Pluto", "Pluto retells a story of robots, in eight volumes."),
    series="pluto",
)

HINTS = [
    (ORDERS, "can the delayed one go by express", "DEF456"),
    (ORDERS, "the delivered parcel was soaked", "ABC123"),
    (DATED, "the march 3 thing never came", "ABC123"),
    (DATED, "the one from 20 march please", "DEF456"),
    (BOOKS, "how long is the one with the surgeon", "monster"),
    (BOOKS, "who drew the robots one", "pluto"),
    (BOOKS, "does the first one end well", "monster"),
    (BOOKS, "and the other one, is it there", "monster"),
]


@pytest.mark.parametrize(("context", "text", "value"), HINTS)
def test_a_hint_tells_one_of_several(context: Context, text: str, value: str) -> None:
    found = hinted(shop(), context, text)
    assert found is not None
    assert value in found.thing.slots.values()


NO_HINTS = [
    (ORDERS, "where is it"),
    (DATED, "the march thing"),
    (BOOKS, "thank you so much"),
    (BOOKS, "how much is shipping to Canada"),
]


@pytest.mark.parametrize(("context", "text"), NO_HINTS)
def test_of_two_that_fit_alike_none_is_meant(context: Context, text: str) -> None:
    assert hinted(shop(), context, text) is None


def test_two_orders_without_a_hint_leave_the_order_open() -> None:
    assert filled(shop(), ORDERS, "where is it", "order_tracking", {}, ()) == {}


def test_the_only_book_of_the_last_exchange_is_meant() -> None:
    context = after("product_info", ("is Berserk 7 there", "Berserk 7 is sold out."))
    found = filled(shop(), context, "how long will that take", "restock", {}, ())
    assert found == {"series": "berserk", "volume": "7"}


def test_what_asks_of_things_at_large_stays_unbound() -> None:
    context = after("product_info", ("is Berserk 7 there", "Berserk 7 is sold out."))
    assert filled(shop(), context, "do you sell any light novels", "product_info", {}, ()) == {}
