"""Figures, intervals and differences, worked by hand on tiny conversations."""

import numpy as np
import pytest
from suites.contenders import (
    CASES,
    ERROR,
    MENU,
    Scripted,
    clarified,
    conversations,
    tallies,
    turn,
)
from suites.reference_shop import PLAYBOOK, shop

from devkit.report.bootstrap import Estimate, compare
from devkit.report.comparison import OURS
from devkit.report.conversation import Conversations
from devkit.report.figure import FIGURES, Figure
from devkit.report.opening import reference_of
from devkit.report.outcome import COUNTS
from devkit.report.quota import Quota
from devkit.report.report import cell, table
from devkit.report.verdict import Verdict

HAND = conversations(
    (turn("faq", text="a"), turn("book", text="b", must_not=("faq",))),
    (turn("out_of_scope", text="c"),),
    (turn("order", text="d"), turn("faq", text="e"), turn("choose", text="f")),
)
VERDICTS = {
    "a": MENU.answering("faq"),  # right
    "b": MENU.answering("faq"),  # wrong, and forbidden
    "c": MENU.answering("out_of_scope"),  # right
    "d": MENU.doubtful(),  # right but for the error of the large model
    "e": MENU.answering("out_of_scope"),  # refused in scope
    "f": clarified(),
}
WORKED = {
    "cost_per_turn": (0.001 + 0.001 + 0.001 + 0.05 + 0.001 + 0.001) / 6,
    "cost_per_session": 0.055 / 3,
    "story_per_turn": (0.002 * 5 + 0.1) / 6,
    "story_per_session": 0.11 / 3,
    "model_free_right": 2 / 6,
    "wrong": 1 / 6,
    "must_not": 1 / 6,
    "clarified": 1 / 6,
    "escalated": 1 / 6,
    "refused": 1 / 5,
    "large": 1 / 6,
    "right": (2 + 1 - ERROR) / 6,
}


def many(count: int) -> tuple[Conversations, dict[str, Verdict]]:
    """Sessions of one to three turns with mixed luck."""
    chance = np.random.default_rng(3)
    names = list(CASES)
    sessions, verdicts = [], dict[str, Verdict]()
    for session in range(count):
        turns = []
        for at in range(int(chance.integers(1, 4))):
            text = f"{session}/{at}"
            turns.append(turn(names[int(chance.integers(len(names)))], text=text))
            verdicts[text] = MENU.answering(names[int(chance.integers(len(names)))])
        sessions.append(tuple(turns))
    return conversations(*sessions), verdicts


def test_figures_are_as_worked_by_hand() -> None:
    found = compare(tallies(Scripted(VERDICTS), HAND), 200, 7)[OURS].figures
    assert {name: one.value for name, one in found.items()} == pytest.approx(WORKED, abs=1e-6)
    assert set(WORKED) == {figure.name for figure in FIGURES}


def test_a_difference_is_to_this_router() -> None:
    found = compare(tallies(Scripted(VERDICTS), HAND), 200, 7)
    big = found["always_big"]
    assert big.figures["cost_per_session"].value == pytest.approx(0.05 * 6 / 3)
    assert big.differences["cost_per_session"].value == pytest.approx((0.3 - 0.055) / 3, abs=1e-6)
    assert big.differences["wrong"].value == pytest.approx(-1 / 6, abs=1e-6)


def test_intervals_contain_the_point() -> None:
    given, verdicts = many(60)
    for one in compare(tallies(Scripted(verdicts), given), 500, 7).values():
        for estimates in (one.figures, one.differences):
            for estimate in estimates.values():
                assert estimate.value is not None
                assert estimate.low is not None
                assert estimate.high is not None
                assert estimate.low <= estimate.value <= estimate.high


def test_an_interval_is_as_wide_as_theory_says() -> None:
    """Of 400 sessions of a turn, half of them wrong: 0.5 ± 1.96 · 0.5/20."""
    given = conversations(*((turn("faq", text=str(at)),) for at in range(400)))
    verdicts = {str(at): MENU.answering("faq" if at % 2 else "book") for at in range(400)}
    wrong = compare(tallies(Scripted(verdicts), given), 2000, 7)[OURS].figures["wrong"]
    assert wrong.value == 0.5
    assert wrong.low == pytest.approx(0.451, abs=0.005)
    assert wrong.high == pytest.approx(0.549, abs=0.005)


def test_turns_of_a_session_are_drawn_together() -> None:
    """Ten sessions of forty turns, each all right or all wrong, tell no more than ten turns."""
    given = conversations(
        *(tuple(turn("faq", text=f"{one}/{at}") for at in range(40)) for one in range(10))
    )
    verdicts = {
        one.text: MENU.answering("faq" if int(one.text[0]) % 2 else "book") for one in given.turns
    }
    wrong = compare(tallies(Scripted(verdicts), given), 2000, 7)[OURS].figures["wrong"]
    assert wrong.low == pytest.approx(0.2, abs=0.1)
    assert wrong.high == pytest.approx(0.8, abs=0.1)


def test_an_identical_router_differs_by_nothing() -> None:
    given, verdicts = many(30)
    one = tallies(Scripted(verdicts), given)[OURS]
    twin = compare({OURS: one, "twin": one.copy()}, 500, 7)["twin"]
    assert set(twin.differences.values()) == {Estimate(0.0, 0.0, 0.0)}


def test_the_same_seed_gives_the_same_intervals() -> None:
    given, verdicts = many(30)
    found = tallies(Scripted(verdicts), given)
    assert compare(found, 300, 7) == compare(found, 300, 7)
    assert compare(found, 300, 7) != compare(found, 300, 8)


def test_without_a_turn_in_scope_nothing_is_refused_in_scope() -> None:
    given = conversations((turn("out_of_scope", text="a"),), (turn("out_of_scope", text="a"),))
    found = compare(tallies(Scripted({"a": MENU.answering("faq")}), given), 200, 7)
    assert found[OURS].figures["refused"] == Estimate(None, None, None)
    assert cell(found[OURS].figures["refused"], FIGURES[9]) == "–"


def test_a_cell_tells_value_and_interval() -> None:
    share, dollars = Figure("x", "x", COUNTS[0], FIGURES[0].per), FIGURES[0]
    assert cell(Estimate(0.012, 0.008, 0.019), share) == "1.2 % (0.8 to 1.9)"
    assert cell(Estimate(0.0201, 0.018, 0.0222), dollars) == "$0.0201 ($0.0180 to $0.0222)"


def test_a_table_has_a_row_for_each_router_and_none_for_the_difference_to_itself() -> None:
    found = compare(tallies(Scripted(VERDICTS), HAND), 200, 7)
    whole, apart = table(found, differences=False), table(found, differences=True)
    assert whole["rows"][0][0] == "this router"
    assert len(whole["rows"]) == len(found) == len(apart["rows"]) + 1
    assert all(len(row) == len(whole["columns"]) for row in whole["rows"])


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (Estimate(0.3, 0.28, 0.32), "must come down"),
        (Estimate(0.19, 0.17, 0.21), "the interval reaches beyond"),
        (Estimate(0.1, 0.08, 0.12), "It fits."),
    ],
)
def test_the_share_is_held_against_the_quota(share: Estimate, told: str) -> None:
    quota = Quota.of(share, reference_of(PLAYBOOK), shop().models, shop().prices)
    assert quota.story_per_s == 250.0
    assert quota.allowed_per_s == pytest.approx(166.7)
    assert quota.per_s == pytest.approx((share.value or 0) * 50_000 / 60, abs=0.1)
    assert told in str(quota)
