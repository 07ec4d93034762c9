"""The books of a check run: a sound run balances, and every planted error is found."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devkit.check.account import Entry, Expected, Injected, Sample, Seen, Sending
from devkit.check.books import Books, balance
from devkit.check.harvest import PLANTS, harvest
from devkit.check.pace import recoveries, standstills
from devkit.check.papers import Papers
from devkit.check.planting import NothingToPlant, Plant
from devkit.check.sound import sound
from devkit.check.sound_turns import Maker
from events.tier import Tier

PAPERS = sound()
KINDS = {"running", "sending", "acked", "unsure", "poisoned", "injected", "healed", "measured"}


def _balance(history: Sequence[Entry], egress: Sequence[Seen]) -> Books:
    return balance(Papers(history=tuple(history), egress=tuple(egress)))


@settings(max_examples=40, deadline=None)
@given(sessions=st.integers(1, 12), turns=st.integers(2, 20), seed=st.integers(0, 2**32))
def test_a_sound_run_balances(sessions: int, turns: int, seed: int) -> None:
    books = balance(sound(sessions=sessions, turns=turns, seed=seed))
    assert [(book.name, book.offenders) for book in books.books if not book.balanced] == []
    assert books.balanced


def test_the_sound_run_holds_what_a_real_run_holds() -> None:
    figures = balance(PAPERS).figures
    assert {entry.kind for entry in PAPERS.history} == KINDS
    assert figures["raw duplicates"] > 0
    assert figures["sends without an answer of the broker"] > 0
    assert figures["status refused"] == 1
    assert figures["dead letters"] == 3


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_a_planted_error_is_found_by_its_book(plant: Plant) -> None:
    books = balance(plant.change(PAPERS))
    assert not books.balanced
    assert books[plant.book].offenders


def test_every_book_has_a_planted_error() -> None:
    assert {plant.book for plant in PLANTS} == {book.name for book in balance(PAPERS).books}


def test_harvest_finds_all() -> None:
    assert [one.plant.name for one in harvest(PAPERS) if not one.found] == []


def test_nothing_can_be_planted_in_nothing() -> None:
    with pytest.raises(NothingToPlant):
        PLANTS[0].change(type(PAPERS)())


def test_an_unsure_turn_that_nobody_acked_is_neither_lost_nor_phantom() -> None:
    maker = Maker(1)
    sending = maker.send("s", 1, "hi", Expected(tier=Tier.TEMPLATE))
    assert _balance(maker.history, ()).balanced
    maker.answer(sending, 10)
    assert _balance(maker.history, maker.egress).balanced


def test_the_first_stored_text_is_the_one_to_answer() -> None:
    maker = Maker(1)
    first = maker.send("s", 1, "Where is #ABC123", Expected(mentions="ABC123"))
    maker.ack(first)
    maker.ack(maker.send("s", 1, "Where is #GHI789", Expected(mentions="GHI789")))
    maker.answer(first, 10)
    books = _balance(maker.history, maker.egress)
    assert books["wrong"].balanced
    assert "turn_conflict" in books["dead letters"].offenders[0]


def test_gaps_are_left_out_of_the_order() -> None:
    maker = Maker(1)
    turns = [maker.send("s", number, "hi", Expected()) for number in (1, 2)]
    for sending in (turns[1], turns[0]):
        maker.answer(sending, 10)
    assert not _balance(maker.history, maker.egress)["order"].balanced
    late = maker.egress[1].reply
    assert late
    marked = maker.egress[1].model_copy(update={"reply": late.model_copy(update={"gap": True})})
    assert _balance(maker.history, [maker.egress[0], marked])["order"].balanced


def _samples(*states: tuple[int, int, int]) -> list[Sample]:
    return [Sample(at_ms=at * 1000, group="g", committed=c, lag=lag) for at, c, lag in states]


@pytest.mark.parametrize(
    ("states", "still"),
    [
        (((0, 1, 0), (30, 1, 0)), False),
        (((0, 1, 5), (10, 1, 5), (14, 1, 5)), False),
        (((0, 1, 5), (10, 1, 5), (16, 1, 5)), True),
        (((0, 1, 5), (10, 2, 5), (20, 3, 5)), False),
        (((0, 1, 5), (10, 1, 0), (20, 1, 5)), False),
    ],
)
def test_standing_still(states: tuple[tuple[int, int, int], ...], still: bool) -> None:
    assert bool(standstills(_samples(*states), 15)) is still


def test_recovery_is_the_time_until_the_first_normal_window() -> None:
    maker = Maker(1)
    for number in range(1, 1001):
        slow = 5_000 <= number * 10 < 6_000
        maker.answer(maker.send("s", number, "hi", Expected()), 500 if slow else 10)
        maker.now += 10
    sends = {(e.session_id, e.turn_id): e.at_ms for e in maker.history if isinstance(e, Sending)}
    fault = Injected(fault=1, what="kill", at_ms=1_000_000 + 5_000)
    (found,) = recoveries(sends, maker.egress, [fault])
    assert found.before_ms == 10
    assert found.slowest_ms == 500
    assert found.seconds == 1.0
