"""Every template of the reference shop renders with what its service passes, and with no less."""

from datetime import date
from pathlib import Path

import pytest
from suites.bookshop import TEMPLATES
from suites.listed_returns import book, bought

from events.context import Option
from order.facts import Charge, Line, Order, State
from order.returns.facts import Opened, Returned
from playbook.error import PlaybookError
from playbook.renderer import day, money, quoted
from playbook.shop import load_shop

SHOP = load_shop(Path(__file__).parents[3] / "playbook")
DAY = date(2026, 11, 12)
OPTIONS = (Option(value="a", label="first"), Option(value="b", label="second"))


def order(state: State) -> Order:
    return Order(
        order_id="ABC123",
        state=state,
        placed_on=DAY,
        promised_on=DAY,
        due_on=DAY,
        shipped_on=DAY,
        delivered_on=DAY,
        closed_on=DAY,
        carrier="UPS",
        tracking_no="1Z",
        lines=(Line(series="Berserk", volume=1, quantity=1, price_cents=1499),),
        charges=(
            Charge(
                kind="charge",
                state="settled",
                amount_cents=1499,
                made_on=DAY,
                method="Visa ending 4242",
                invoice_no="KM-1",
            ),
        ),
    )


BACK = book(1, 2, label_no="R100001", returned_on=DAY)
OPENED = Opened(
    label_no="R100001",
    order_id="ABC123",
    kind="parcel",
    reason="wrong_volume",
    choice="refund",
    opened_on=DAY,
    method=None,
    books=(Returned(line_no=1, series="Berserk", volume=2, quantity=1, price_cents=1499),),
)
WINDOWS = {"order": bought("ABC123"), "return_until": DAY, "damaged_until": DAY}
ASKED = {"again": True, "options": OPTIONS, "order": bought("ABC123")}
RETURNS: dict[str, dict[str, object]] = {
    "returns_opening": {"reason": "damaged", "question": "Which one?"},
    "returns_order": ASKED,
    "returns_item": ASKED,
    "returns_reason": ASKED,
    "returns_choice": ASKED,
    "returns_instead": ASKED | {"item": BACK},
    "returns_confirm": ASKED
    | {
        "items": (BACK, book(2, None, "Akira", quantity=2)),
        "reason": SHOP.returns.reasons[0],
        "choice": "refund",
        "refund_cents": 4497,
        "kind": "parcel",
        "damaged_until": DAY,
    },
    "returns_done": {"opened": OPENED, "books": OPENED.books},
    "returns_too_late": WINDOWS,
    "returns_not_here": {"order": bought("ABC123"), "state": "shipped"},
    "returns_already": {"order": bought("ABC123"), "items": (BACK,)},
}
VALUES: dict[str, dict[str, object]] = {
    **RETURNS,
    **TEMPLATES,
    "policy": {"text": "Free.", "title": "Shipping"},
    "policy_choice": {"options": OPTIONS},
    "clarify": {"options": OPTIONS},
    "order_unknown": {"order_id": "ABC123"},
    "order_which": {"options": OPTIONS},
    "order_list": {"orders": (order(State.SHIPPED),)},
    "billing": {"orders": (order(State.SHIPPED), order(State.PAID))},
    **{f"order_{state}": {"order": order(state), "today": DAY} for state in State},
}
SILENT = {"handed_over"}
"""While a person has the conversation the customer hears nothing of the bot."""


@pytest.mark.parametrize("name", sorted(SHOP.renderer.names))
def test_it_renders_as_plain_text(name: str) -> None:
    text = SHOP.renderer.render(name, **VALUES.get(name, {}))
    assert text == text.strip()
    assert bool(text) == (name not in SILENT)
    assert not any(mark in text for mark in ("{{", "}}", "{%", "None", "&#", "\n\n\n", "  \n"))


@pytest.mark.parametrize("name", sorted(set(VALUES) - {"clarify"}))
def test_a_missing_value_is_no_empty_place(name: str) -> None:
    with pytest.raises(PlaybookError, match=name):
        SHOP.renderer.render(name)


def test_an_unknown_template_is_named() -> None:
    with pytest.raises(PlaybookError, match=r"gone\.j2"):
        SHOP.renderer.render("gone")


@pytest.mark.parametrize("state", list(State))
def test_each_state_names_the_order(state: State) -> None:
    text = SHOP.renderer.render(f"order_{state}", order=order(state), today=DAY)
    assert "#ABC123 (Berserk 1)" in text


def test_a_parcel_that_is_late_is_called_late() -> None:
    later = date(2026, 11, 20)
    text = SHOP.renderer.render("order_shipped", order=order(State.SHIPPED), today=later)
    assert "was due on 12 Nov and is late" in text


def test_a_choice_reads_as_a_sentence() -> None:
    three = (*OPTIONS, Option(value="c", label="third"))
    text = SHOP.renderer.render("clarify", options=three)
    assert "about first, second or third?" in text


def test_a_customers_words_are_tamed() -> None:
    assert quoted("a\u202eb\n\tc\x00") == "“a b c”"
    assert len(quoted("x" * 500)) == 82
    assert quoted("<b>{{ 1 }}</b>") == "“<b>{{ 1 }}</b>”"


def test_dates_and_amounts() -> None:
    assert day(DAY) == "12 Nov"
    assert [money(cents) for cents in (5, 1290, 123456, -50)] == [
        "$0.05",
        "$12.90",
        "$1,234.56",
        "-$0.50",
    ]


def test_templates_reach_no_internals(tmp_path: Path) -> None:
    with pytest.raises(PlaybookError):
        SHOP.renderer.text(tmp_path / "x", "text", "{{ shop.__class__.__mro__ }}")
