"""The seeded customers: every state stands for itself, and a broken file says what is wrong."""

from pathlib import Path

import pytest

from order.facts import State
from order.seed import read_seed
from playbook.error import PlaybookError

CUSTOMERS = Path(__file__).parents[3] / "playbook" / "seed" / "customers.yaml"


def test_every_state_is_there() -> None:
    seed = read_seed(CUSTOMERS)
    states = {order.state for customer in seed.customers for order in customer.orders}
    assert states == set(State)
    assert len(seed.customers) >= 6


def test_the_orders_of_the_examples_have_their_owners() -> None:
    owners = {
        order.id: customer.id
        for customer in read_seed(CUSTOMERS).customers
        for order in customer.orders
    }
    assert owners["ABC123"] == owners["XYZ789"] == "c-aiko"
    assert owners["DEF456"] != "c-aiko"


def test_dates_fit_the_states() -> None:
    for customer in read_seed(CUSTOMERS).customers:
        for one in customer.orders:
            past = [one.placed, one.shipped, one.delivered, one.closed]
            assert [day for day in past if day is not None and day > 0] == [], one.id
            if one.state is State.SHIPPED:
                assert None not in (one.shipped, one.carrier, one.tracking_no)
            if one.state is State.DELIVERED:
                assert None not in (one.delivered, one.carrier, one.tracking_no)
            if one.state in (State.CANCELLED, State.RETURNED, State.REFUNDED):
                assert one.closed is not None


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (
            "customers: [{id: a, name: A, orders: [{id: abc, state: paid}]}]",
            "customers.0.orders.0.id",
        ),
        ("customers: [{id: a}]", "customers.0.name"),
        (
            "customers: [{id: a, name: A, orders: [&o {id: ABC123, state: paid, placed: -1, "
            "lines: [{series: X, price_cents: 1}]}, *o]}]",
            "file",
        ),
    ],
)
def test_a_broken_file_is_explained(tmp_path: Path, text: str, field: str) -> None:
    file = tmp_path / "customers.yaml"
    file.write_text(text)
    with pytest.raises(PlaybookError) as error:
        read_seed(file)
    assert error.value.field == field
