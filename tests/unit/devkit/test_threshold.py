"""Thresholds: the bound by hand, the sequence, and its promise by simulation with known truth."""

import math

import numpy as np
import pytest

from devkit.training import bound, simulate, threshold
from devkit.training.clump import units
from devkit.training.threshold import Fitted, Terms, Turns
from devkit.training.world import Setting, World, hopeless, sharp


def turns(wrong: list[int], count: int, outside: tuple[int, ...] = ()) -> Turns:
    """Scores fall from 1; the turns at these places are wrong, those `outside` out of scope."""
    right, out_of_scope = np.ones(count, bool), np.zeros(count, bool)
    right[wrong] = False
    out_of_scope[list(outside)] = True
    return Turns(1 - np.arange(count) / (2 * count), right, out_of_scope, range_of(count))


def range_of(count: int) -> list[int]:
    return list(range(count))


def fitted(wrong: list[int], count: int, target: float = 0.05) -> Fitted:
    return threshold.fit(turns(wrong, count), Terms(target, weight=1.0))


def test_wilson_is_the_lower_root_of_the_score_equation() -> None:
    share, effective, z = 0.9, 80.0, 1.645
    lower = float(bound.wilson(np.array([share]), np.array([effective]), z)[0])
    assert lower < share
    assert share - lower == pytest.approx(z * math.sqrt(lower * (1 - lower) / effective))


def test_weights_move_the_share_and_cost_turns() -> None:
    weights, right = np.array([1.0, 1.0, 1.0, 3.0]), np.array([True, True, True, False])
    assert bound.weighted_share(weights, right) == pytest.approx(0.5)
    assert bound.effective_number(weights) == pytest.approx(36 / 12)
    even = np.arange(6) < 3
    assert bound.lower_bound(weights, right, 0.95) < bound.lower_bound(np.ones(6), even, 0.95)
    with pytest.raises(ValueError, match="weight above 0"):
        bound.weighted_share(np.zeros(0), np.zeros(0, bool))


@pytest.mark.parametrize("error", [0.02, 0.05, 0.1, 0.2])
def test_a_perfect_record_is_worth_its_binomial_chance(error: float) -> None:
    z = bound.exact_z(0.95, error)
    needed = math.log(0.05) / math.log(1 - error)
    lower = bound.wilson(np.ones(2), np.array([needed * 0.999, needed * 1.001]), z)
    assert lower[0] < 1 - error < lower[1]
    assert z > bound.plain_z(0.95)


def test_out_of_scope_turns_are_weighted_to_the_assumed_share() -> None:
    weight = threshold.balance(3000, 1000, 0.45)
    assert 1000 * weight / (1000 * weight + 3000) == pytest.approx(0.45)
    with pytest.raises(ValueError, match="missing kind"):
        threshold.balance(10, 0)
    with pytest.raises(ValueError, match="share of 1"):
        threshold.balance(10, 10, 1.0)


def test_the_unit_of_errors_is_the_mean_erring_family() -> None:
    family = np.array([0, 0, 0, 1, 2, 3])
    wrong = np.array([1.0, 1.0, 1.0, 0.0, 2.0, 0.0])
    unit = units(wrong, family, heaviest=2.0)
    assert unit.at[-1] == pytest.approx((9 + 4 + 4) / (3 + 2 + 2))
    assert unit.first >= 2.0
    assert units(np.zeros(4), np.arange(4), 2.5).at.tolist() == [2.5] * 4


def test_all_right_answers_all() -> None:
    result = fitted([], 400)
    assert result.answered == 400
    assert result.least == pytest.approx(math.floor((1 - 399 / 800) * 1e4) / 1e4)
    assert result.wrong == 0
    assert result.bound is not None
    assert result.bound >= 0.95
    assert "exchangeable" in result.why


def test_the_threshold_lies_above_the_wrong_turns() -> None:
    result = fitted(list(range(200, 400)), 400)
    assert result.least is not None
    assert 150 <= result.answered <= 215
    assert result.precision is not None
    assert result.bound is not None
    assert 0.95 <= result.bound < result.precision


def test_a_failure_ends_the_sequence_though_a_looser_threshold_would_pass() -> None:
    early = [0, 10, 20, 30, 40, 50, 60, 70]
    assert fitted(early, 2000).least is not None, "the first candidate answers a fifth, 400"
    result = fitted(early + list(range(100, 400, 10)), 2000)
    assert result.least is None
    assert result.why.startswith("rules only")
    assert result.bound is not None
    assert result.bound < 0.95


def test_outcomes_below_the_first_failure_do_not_matter() -> None:
    wrong = list(range(0, 400, 10))
    assert fitted(wrong, 2000).least is None
    assert fitted([*wrong, 1999], 2000).least is None


def test_under_sixty_turns_there_are_rules_only() -> None:
    result = fitted([], 59, target=0.2)
    assert (result.least, result.bound) == (None, None)
    assert "59 calibration turns, 60 are needed" in result.why
    assert fitted([], 60, target=0.2).least is not None


def test_out_of_scope_turns_that_may_be_wrong_need_more_turns() -> None:
    light = threshold.fit(turns([], 100), Terms(0.05, weight=1.0))
    heavy = threshold.fit(turns([], 100), Terms(0.05, weight=3.0))
    assert light.least is not None
    assert heavy.least is None
    refusing = turns([], 100, outside=tuple(range(100)))
    assert threshold.fit(refusing, Terms(0.05, weight=3.0)).least is not None


def test_equal_scores_stand_or_fall_together() -> None:
    score = np.repeat([0.99, 0.6], [150, 150])
    right = np.ones(300, bool)
    right[150:] = False
    result = threshold.fit(Turns(score, right, ~right, range_of(300)), Terms(0.1, 1.0))
    assert (result.least, result.answered, result.wrong) == (0.99, 150, 0)


def test_a_monotone_distortion_of_the_score_changes_nothing() -> None:
    plain = World(Setting("sharp", sharp, 600, 0.05)).draw(np.random.default_rng(1))
    bent = Turns(0.5 + plain.score**2 / 2, plain.right, plain.out_of_scope, plain.family)
    one, two = (threshold.fit(each, Terms(0.05, 1.0)) for each in (plain, bent))
    assert one.least is not None
    assert two.least == pytest.approx(0.5 + one.least**2 / 2, abs=2e-4)


def test_broken_input_is_named() -> None:
    flags = np.ones(2, bool)
    with pytest.raises(ValueError, match="differ in length"):
        Turns(np.ones(3), flags, flags, range_of(2))
    with pytest.raises(ValueError, match="not between 0 and 1"):
        Turns(np.array([0.5, 1.5]), flags, flags, range_of(2))


def test_a_world_is_what_its_setting_says() -> None:
    setting = Setting("check", hopeless(0.1), 200_000, 0.1, weight=2.0, wrong_outside=0.7)
    drawn = World(setting).draw(np.random.default_rng(2))
    weights = np.where(drawn.out_of_scope, 2.0, 1.0)
    assert 1 - bound.weighted_share(weights, drawn.right) == pytest.approx(0.1002, abs=0.003)
    assert bound.weighted_share(weights, drawn.out_of_scope) == pytest.approx(0.07, abs=0.003)


@pytest.fixture(scope="module")
def rows() -> dict[str, simulate.Row]:
    return {row.setting: row for row in simulate.run(draws=1000, seed=20)}


@pytest.mark.parametrize("name", [setting.name for setting in simulate.SETTINGS])
def test_the_promise_is_broken_in_at_most_five_percent(
    rows: dict[str, simulate.Row], name: str
) -> None:
    assert rows[name].violations <= 0.05


def test_thresholds_are_found_where_there_are_some(rows: dict[str, simulate.Row]) -> None:
    scarce = {"few turns", "few turns, families of 6"}
    possible = [row for row in rows.values() if row.oracle > 0 and row.setting not in scarce]
    assert len(possible) >= 8
    for row in possible:
        assert row.coverage >= 0.7 * row.oracle, row


def test_the_textbook_bound_would_break_it() -> None:
    """The reason for both corrections: heavy out-of-scope turns, and families."""
    worst = max(simulate.run(draws=100, seed=20, textbook=True), key=lambda row: row.violations)
    assert worst.violations > 0.1
