"""Orders and books found in a shop's sentences, with what is said of each."""

import pytest
from suites.reference_shop import shop

from classifier.history.mentions import books_in, orders_in
from classifier.history.numerals import in_digits
from classifier.history.volumes import volume_meant

ORDERS = [
    (
        "One refund for #ABC123, paid out, and one for #DEF456, which is open.",
        {"ABC123": "paid", "DEF456": "open"},
    ),
    (
        "Two charges, $23.40 for #ABC123 and $57.00 for #DEF456. Which is wrong?",
        {"ABC123": "23.40", "DEF456": "57.00"},
    ),
    ("It is with the carrier, at Lv999 of the tower.", {}),
]


@pytest.mark.parametrize(("reply", "told"), ORDERS)
def test_every_order_has_what_is_told_of_it(reply: str, told: dict[str, str]) -> None:
    found = {one.value: one.label for one in orders_in(shop(), reply)}
    assert found.keys() == told.keys()
    for value, word in told.items():
        assert [other for other, label in found.items() if word in label] == [value]


BOOKS = [
    ("Monster is slow and Pluto retells it.", ["monster", "pluto"]),
    ("Order #ABC123 holds Nana 1, Nana 2 and Berserk 3.", ["nana 1", "nana 2", "berserk 3"]),
    ("Pluto costs $9.99 and Moon Garage Tales $8.99.", ["pluto"]),
    ("Pluto at $9.99 and Moon Garage at $8.99.", ["pluto", "Moon Garage"]),
    ("Monster has 18 volumes.", ["monster"]),
    ("It arrives on Monday. Anything else?", []),
    ("Volume 22 is sold out, the Eternal Edition is here.", []),
    ("For a beginner, Pluto or Moon Garage.", ["pluto", "Moon Garage"]),
]


@pytest.mark.parametrize(("reply", "values"), BOOKS)
def test_books_are_found_with_their_volumes(reply: str, values: list[str]) -> None:
    assert [one.value for one in books_in(shop(), reply)] == values


DIGITS = [
    ("volume eleven", "volume 11"),
    ("vol twenty-three please", "vol 23 please"),
    ("seven?", "7?"),
    ("six then", "6 then"),
    ("one", "one"),
    ("that one", "that one"),
    ("seven samurai", "seven samurai"),
]


@pytest.mark.parametrize(("text", "told"), DIGITS)
def test_a_number_of_a_volume_is_read_in_words(text: str, told: str) -> None:
    assert in_digits(text) == told


STEPS = [
    ("the one after that?", "8"),
    ("and the next one", "8"),
    ("the previous volume", "6"),
    ("the one before?", "6"),
    ("the twelfth one", "12"),
    ("vol 4", "4"),
    ("the next week", None),
    ("the day after", None),
    ("the one before christmas", None),
]


@pytest.mark.parametrize(("text", "volume"), STEPS)
def test_a_step_starts_at_the_volume_talked_about(text: str, volume: str | None) -> None:
    found = volume_meant(text, "7")
    assert (found and found[0]) == volume


def test_nothing_comes_before_the_first_or_after_no_volume() -> None:
    assert volume_meant("the previous one", "1") is None
    assert volume_meant("the next one", None) is None
