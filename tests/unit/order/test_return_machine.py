"""The machine of returns as a table: where a turn leads, from which state, with which orders."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from suites.listed_returns import TODAY, book, bought
from suites.reference_shop import shop

from events.context import Flow
from order.facts import State as OrderState
from order.returns.desk import SLOTS
from order.returns.facts import Bought, Shelf
from order.returns.hearing import Said
from order.returns.machine import Ask, Left, Move, Ready, Refused, Why, missing, move
from order.returns.wish import Choice, Dialogue, Kind, State, Wish

TERMS = shop().returns
TWO = bought("AAA111")
ONE = bought("BBB222", book(1, 7, "Monster"))
ART = bought("CCC333", book(1, None, "Blame! Art Book"))
OLD = bought("DDD444", days_ago=31)
LAST_DAY = bought("EEE555", book(1, 7, "Monster"), days_ago=30)
GONE = bought("FFF666", book(1, 7, "Monster", label_no="R100001", returned_on=TODAY))
COMING = bought("GGG777", days_ago=None, state=OrderState.SHIPPED)

WHOLE = Wish(
    order_id="AAA111",
    lines=(2,),
    reason="disliked",
    choice=Choice.REFUND,
    kind=Kind.PARCEL,
)
SWAP = WHOLE.having(choice=Choice.EXCHANGE, instead=9)


def shelf(*orders: Bought, today: date = TODAY) -> Shelf:
    return Shelf(today=today, orders=orders)


def said(text: str, state: State | None, slots: Mapping[str, str]) -> Said:
    return Said(text, slots, SLOTS[state] if state else None)


def opened_with(text: str, *orders: Bought, **slots: str) -> Move:
    return move(Dialogue(), said(text, None, slots), shelf(*orders), TERMS)


def asked(moved: Move) -> tuple[State | None, Wish]:
    assert isinstance(moved, Ask), moved
    return moved.dialogue.state, moved.dialogue.wish


@dataclass(frozen=True)
class Case:
    """A first turn, and what is then asked for and known."""

    text: str
    orders: tuple[Bought, ...]
    state: State
    known: dict[str, object]


OPENINGS = [
    Case("I want to return this", (TWO, ONE), State.ORDER, {"order_id": None}),
    Case("I want to return this", (TWO,), State.ITEM, {"order_id": "AAA111"}),
    Case("I want to return this", (ONE,), State.REASON, {"order_id": "BBB222", "lines": (1,)}),
    Case(
        "Help me return this, my husband bought the wrong volume",
        (TWO,),
        State.ITEM,
        {"reason": "wrong_volume"},
    ),
    Case(
        "Help me return this, my husband bought the wrong volume",
        (ONE,),
        State.CHOICE,
        {"lines": (1,), "reason": "wrong_volume"},
    ),
    Case("return volume 2", (TWO,), State.REASON, {"lines": (2,)}),
    Case("return Monster", (TWO, ONE), State.REASON, {"order_id": "BBB222", "lines": (1,)}),
    Case("exchange volume 2, it is torn", (TWO,), State.CONFIRM, {"kind": Kind.PHOTO}),
    Case("exchange the wrong volume", (ONE,), State.INSTEAD, {"choice": Choice.EXCHANGE}),
    Case(
        "wrong volume, exchange volume 2 for volume 9",
        (TWO,),
        State.CONFIRM,
        {"lines": (2,), "instead": 9, "choice": Choice.EXCHANGE},
    ),
    Case(
        "I don't like volume 1, I want my money back",
        (TWO,),
        State.CONFIRM,
        {"choice": Choice.REFUND, "kind": Kind.PARCEL},
    ),
    Case("I don't like it, return everything", (TWO,), State.CONFIRM, {"choice": Choice.REFUND}),
    Case("I don't like it", (ART,), State.CONFIRM, {"choice": Choice.REFUND}),
    Case("I want to return this", (LAST_DAY, OLD), State.REASON, {"order_id": "EEE555"}),
    Case("I want to return this", (GONE, ONE), State.REASON, {"order_id": "BBB222"}),
]


@pytest.mark.parametrize("case", OPENINGS, ids=lambda case: f"{case.text}/{case.state}")
def test_a_first_turn_is_asked_only_what_is_missing(case: Case) -> None:
    state, wish = asked(opened_with(case.text, *case.orders))
    assert state is case.state
    assert {name: getattr(wish, name) for name in case.known} == case.known


STEPS = [
    (Wish(), State.ORDER),
    (Wish(lines=(1,), reason="other"), State.ORDER),
    (Wish(order_id="AAA111", reason="other"), State.ITEM),
    (Wish(order_id="AAA111", lines=(1,)), State.REASON),
    (Wish(order_id="AAA111", lines=(1,), reason="other"), State.CHOICE),
    (WHOLE.having(choice=Choice.EXCHANGE), State.INSTEAD),
    (WHOLE.having(choice=Choice.EXCHANGE, reason="damaged"), State.CONFIRM),
    (SWAP, State.CONFIRM),
    (WHOLE, State.CONFIRM),
]


@pytest.mark.parametrize(("wish", "state"), STEPS)
def test_what_is_missing_is_asked_in_order(wish: Wish, state: State) -> None:
    assert missing(wish, TERMS) is state


@dataclass(frozen=True)
class Next:
    """A turn in an open dialogue about AAA111 and BBB222."""

    state: State
    wish: Wish
    text: str
    to: State
    known: dict[str, object]
    slots: dict[str, str]


def goes(
    state: State, wish: Wish, text: str, to: State, known: dict[str, object], **slots: str
) -> Next:
    return Next(state, wish, text, to, known, slots)


ABOUT = Wish(order_id="AAA111")
SOME = Wish(reason="wrong_volume", words="return volume 2 please")
TURNS = [
    goes(State.ORDER, Wish(), "#BBB222", State.REASON, {"lines": (1,)}, order_id="BBB222"),
    goes(State.ORDER, Wish(), "the second one", State.REASON, {"order_id": "BBB222"}),
    goes(State.ORDER, Wish(), "1", State.ITEM, {"order_id": "AAA111"}),
    goes(State.ORDER, Wish(), "the Monster one", State.REASON, {"order_id": "BBB222"}),
    goes(State.ORDER, SOME, "AAA111", State.CHOICE, {"lines": (2,)}, order_id="AAA111"),
    goes(State.ORDER, Wish(), "umm", State.ORDER, {"order_id": None}),
    goes(State.ITEM, ABOUT, "the second one", State.REASON, {"lines": (2,)}),
    goes(State.ITEM, ABOUT, "whatever", State.REASON, {"lines": (1,)}, return_item="line1"),
    goes(State.ITEM, ABOUT, "both", State.REASON, {"lines": (1, 2)}),
    goes(State.ITEM, ABOUT, "both", State.REASON, {"lines": (1, 2)}, return_item="all"),
    goes(State.ITEM, ABOUT, "volume 2, it's torn", State.CHOICE, {"reason": "damaged"}),
    goes(State.ITEM, ABOUT, "no, the other order", State.REASON, {"order_id": "BBB222"}),
    goes(
        State.REASON,
        WHOLE.having(reason=None, choice=None, kind=None),
        "it arrived with torn pages",
        State.CHOICE,
        {"reason": "damaged", "kind": Kind.PHOTO},
        order_id="CCC333",  # remembered, not said
    ),
    goes(
        State.REASON,
        WHOLE.having(reason=None, kind=None),
        "3",
        State.CONFIRM,
        {"reason": "wrong_volume"},
        return_reason="wrong_volume",
    ),
    goes(State.CHOICE, WHOLE.having(choice=None), "money back", State.CONFIRM, {}),
    goes(
        State.CHOICE,
        WHOLE.having(choice=None),
        "exchange it for volume 1",
        State.CONFIRM,
        {"lines": (2,), "instead": 1},
    ),
    goes(State.INSTEAD, SWAP.having(instead=None), "volume 1", State.CONFIRM, {"instead": 1}),
    goes(State.INSTEAD, SWAP.having(instead=None), "volume 2", State.INSTEAD, {"instead": None}),
    goes(State.CONFIRM, WHOLE, "no, volume 1", State.CONFIRM, {"lines": (1,)}),
    goes(State.CONFIRM, WHOLE, "yes, but both", State.CONFIRM, {"lines": (1, 2)}),
    goes(State.CONFIRM, WHOLE, "actually it is damaged", State.CONFIRM, {"kind": Kind.PHOTO}),
    goes(State.CONFIRM, WHOLE, "no, the other order", State.CONFIRM, {"order_id": "BBB222"}),
    goes(State.CONFIRM, SWAP, "I'd rather have my money back", State.CONFIRM, {"instead": None}),
    goes(State.CONFIRM, WHOLE, "what?", State.CONFIRM, {}),
    goes(
        State.CONFIRM,
        WHOLE,
        "I mean BBB222",
        State.CONFIRM,
        {"order_id": "BBB222", "lines": (1,)},
        order_id="BBB222",
    ),
]


@pytest.mark.parametrize("turn", TURNS, ids=lambda turn: f"{turn.state}: {turn.text}")
def test_a_turn_leads_from_state_to_state(turn: Next) -> None:
    dialogue = Dialogue(state=turn.state, wish=turn.wish)
    words = said(turn.text, turn.state, turn.slots)
    state, wish = asked(move(dialogue, words, shelf(TWO, ONE), TERMS))
    assert state is turn.to
    assert {name: getattr(wish, name) for name in turn.known} == turn.known


def at(state: State, wish: Wish, text: str, *orders: Bought, **slots: str) -> Move:
    words = said(text, state, slots)
    return move(Dialogue(state=state, wish=wish), words, shelf(*orders), TERMS)


def test_a_plain_yes_to_the_summary_opens_it() -> None:
    assert at(State.CONFIRM, WHOLE, "yes please", TWO) == Ready(WHOLE)
    assert at(State.CONFIRM, SWAP, "yes, exchange it", TWO) == Ready(SWAP)
    assert at(State.CONFIRM, WHOLE, "yes", TWO, return_confirm="yes") == Ready(WHOLE)


@pytest.mark.parametrize("state", [one for one in State if one is not State.CONFIRM])
def test_a_yes_elsewhere_opens_nothing(state: State) -> None:
    assert isinstance(at(state, WHOLE, "yes", TWO, return_confirm="yes"), Ask)


def test_a_yes_to_an_asides_question_opens_nothing() -> None:
    dialogue = Dialogue(state=State.CONFIRM, wish=WHOLE)
    moved = move(dialogue, Said("yes", {}, None), shelf(TWO), TERMS)
    assert asked(moved) == (State.CONFIRM, WHOLE)


def test_a_yes_to_other_terms_asks_again() -> None:
    """Damage was told on the last day of its window, and agreed to a day later."""
    wish = WHOLE.having(reason="damaged", kind=Kind.PHOTO)
    late = bought("AAA111", days_ago=TERMS.damaged_days + 1)
    state, now = asked(at(State.CONFIRM, wish, "yes", late))
    assert (state, now.kind) == (State.CONFIRM, Kind.PARCEL)


@pytest.mark.parametrize("state", list(State))
def test_every_state_can_be_left(state: State) -> None:
    assert at(state, WHOLE, "never mind", TWO, cancel="yes") == Left()


@pytest.mark.parametrize("slots", [{"cancel": "yes"}, {"return_confirm": "no"}, {}])
@pytest.mark.parametrize("text", ["never mind", "no", "no, volume 1"])
def test_what_was_opened_unheard_is_told_whatever_is_said(text: str, slots: dict[str, str]) -> None:
    """The reply to the yes was lost, so the dialogue still stands at the summary."""
    taken = bought("AAA111", book(1, 1), book(2, 2, label_no="R100001", returned_on=TODAY))
    moved = at(State.CONFIRM, WHOLE, text, taken, **slots)
    assert moved == Refused(Why.ALREADY, "AAA111", taken, taken.lines[1:])


def test_a_no_leaves_the_summary_and_the_choice_of_an_order() -> None:
    assert at(State.CONFIRM, WHOLE, "no", TWO) == Left()
    assert at(State.ORDER, Wish(), "none of these", TWO, ONE) == Left()
    assert isinstance(at(State.ITEM, ABOUT, "no", TWO), Ask)


REFUSED = [
    ((), {}, Why.NOTHING, None),
    ((COMING,), {"order_id": "GGG777"}, Why.NOT_HERE, "GGG777"),
    ((OLD,), {}, Why.TOO_LATE, "DDD444"),
    ((OLD,), {"order_id": "DDD444"}, Why.TOO_LATE, "DDD444"),
    ((GONE,), {}, Why.ALREADY, "FFF666"),
    ((GONE, OLD), {}, Why.ALREADY, "FFF666"),
    ((OLD,), {"order_id": "ZZZ999"}, Why.UNKNOWN, "ZZZ999"),
]


@pytest.mark.parametrize(("orders", "slots", "why", "order_id"), REFUSED)
def test_what_cannot_be_returned_is_refused(
    orders: tuple[Bought, ...], slots: dict[str, str], why: Why, order_id: str | None
) -> None:
    text = f"I want to return {slots.get('order_id', 'this')}"
    refused = opened_with(text, *orders, **slots)
    assert isinstance(refused, Refused)
    assert (refused.why, refused.order_id) == (why, order_id)


def test_a_book_that_comes_back_already_is_named() -> None:
    half = bought("AAA111", book(1, 1, label_no="R100001", returned_on=TODAY), book(2, 2))
    refused = opened_with("return volume 1", half)
    assert isinstance(refused, Refused)
    assert [item.label_no for item in refused.items] == ["R100001"]
    assert asked(opened_with("I want to return this", half))[1].lines == (2,)


def test_an_order_that_cannot_be_returned_leaves_the_others_to_choose_from() -> None:
    moved = opened_with("I want to return DDD444", OLD, TWO, order_id="DDD444")
    assert isinstance(moved, Ask)
    assert moved.after == Refused(Why.TOO_LATE, "DDD444", OLD)
    assert moved.dialogue == Dialogue(state=State.ORDER)


def test_what_the_session_talked_about_is_only_a_hint() -> None:
    wish = asked(opened_with("return this", TWO, ONE, order_id="BBB222"))[1]
    assert wish.order_id == "BBB222"
    wish = asked(opened_with("return this", COMING, ONE, order_id="GGG777"))[1]
    assert wish.order_id == "BBB222"
    slots = {"series": "monster", "volume": "7"}
    wish = asked(opened_with("return this", TWO, ONE, **slots))[1]
    assert (wish.order_id, wish.lines) == ("BBB222", (1,))


def test_a_reason_that_is_not_understood_twice_is_another_one() -> None:
    wish = WHOLE.having(reason=None, kind=None)
    first = at(State.REASON, wish, "the spine looks odd", TWO)
    assert isinstance(first, Ask)
    assert (first.dialogue.state, first.dialogue.again) == (State.REASON, True)
    words = said("it looks odd, I said", State.REASON, {})
    second = move(first.dialogue, words, shelf(TWO), TERMS)
    assert asked(second) == (State.CONFIRM, WHOLE.having(reason="other"))


WINDOWS = [
    (0, "damaged", Kind.PHOTO),
    (14, "damaged", Kind.PHOTO),
    (15, "damaged", Kind.PARCEL),
    (30, "damaged", Kind.PARCEL),
    (14, "disliked", Kind.PARCEL),
    (30, "disliked", Kind.PARCEL),
    (31, "disliked", None),
    (31, "damaged", None),
]


@pytest.mark.parametrize(("days_ago", "reason", "kind"), WINDOWS)
def test_the_last_day_of_a_window_counts(days_ago: int, reason: str, kind: Kind | None) -> None:
    """The reference shop's 30 days, and 14 for damage, of playbook/shop.yaml."""
    wish = WHOLE.having(reason=reason, kind=kind)
    moved = at(State.CONFIRM, wish, "yes", bought("AAA111", days_ago=days_ago))
    if kind is None:
        assert isinstance(moved, Refused)
        assert moved.why is Why.TOO_LATE
    else:
        assert moved == Ready(wish)


def test_the_shelfs_date_counts() -> None:
    later = shelf(TWO, today=TODAY + timedelta(days=26))
    moved = move(
        Dialogue(state=State.CONFIRM, wish=WHOLE), said("yes", State.CONFIRM, {}), later, TERMS
    )
    assert isinstance(moved, Refused)


def test_a_dialogue_survives_its_flow() -> None:
    dialogue = Dialogue(state=State.INSTEAD, wish=SWAP, again=True)
    assert Dialogue.of(dialogue.flow()) == dialogue


@pytest.mark.parametrize(
    "flow",
    [
        None,
        Flow(name="handoff", state="open"),
        Flow(name="returns", state="of_another_release", data={"wish": "{}"}),
        Flow(name="returns", state="item", data={"wish": '{"lines": "x"}'}),
        Flow(name="returns", state="item"),
    ],
)
def test_what_is_no_dialogue_begins_anew(flow: Flow | None) -> None:
    assert Dialogue.of(flow) == Dialogue()
