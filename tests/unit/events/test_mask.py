"""Card numbers are masked, other numbers are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.mask import luhn, mask_cards

CARDS = [
    "4111111111111111",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "378282246310005",
    "6304000000000000",
    "4222222222222",
]


@pytest.mark.parametrize("card", CARDS)
def test_a_card_number_is_masked_to_its_last_four(card: str) -> None:
    masked = mask_cards(f"My card is {card}, thanks")
    assert masked == f"My card is [card ending {card[-4:]}], thanks"


@pytest.mark.parametrize(
    "text",
    [
        "order 1234567890123456",
        "#4111111111111111",
        "ISBN 9781421599465 is out of print",
        "tracking 1Z999AA10123456784",
        "call +1 555 0134 or 555 0199",
        "in 2024 2025 and 2026 I bought 12 volumes",
        "41111111111111111111111",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask_cards(text) == text


def test_every_card_of_a_text_is_masked() -> None:
    text = "old 4111111111111111 new 378282246310005"
    assert mask_cards(text) == "old [card ending 1111] new [card ending 0005]"


def with_check_digit(digits: str) -> str:
    return next(digits + last for last in "0123456789" if luhn(digits + last))


@given(st.text("0123456789", min_size=12, max_size=18))
def test_no_number_with_a_valid_check_digit_survives(digits: str) -> None:
    card = with_check_digit(digits)
    assert card not in mask_cards(f"pay with {card} now")


@given(st.text())
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask_cards(text)
    assert mask_cards(once) == once


def test_one_wrong_digit_fails_the_check() -> None:
    assert luhn("4111111111111111")
    assert not luhn("4111111111111112")
