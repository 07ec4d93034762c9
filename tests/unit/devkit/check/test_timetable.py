"""When faults are injected: seeded, apart from each other, after a calm time."""

from itertools import pairwise

import pytest

from devkit.check.fault.registry import FAULTS, chosen
from devkit.check.timetable import timetable
from devkit.errors import DevkitError

LONG_S = 700.0
"""Room for every fault that there is."""


def test_a_short_run_is_calm_for_a_part_of_it() -> None:
    ((at_s, _),) = timetable(chosen([1]), 40, 1)
    assert at_s >= 40 * 0.15


def test_the_seed_decides() -> None:
    faults = list(FAULTS.values())
    assert timetable(faults, LONG_S, 7) == timetable(faults, LONG_S, 7)
    orders = {tuple(f.number for _, f in timetable(faults, LONG_S, seed)) for seed in range(20)}
    assert len(orders) > 1


@pytest.mark.parametrize("seed", range(10))
def test_each_fault_has_its_time(seed: int) -> None:
    plan = timetable(list(FAULTS.values()), LONG_S, seed)
    assert plan[0][0] >= 20
    for (at, fault), (later, _) in pairwise(plan):
        assert later >= at + fault.needs_s
    assert plan[-1][0] + plan[-1][1].needs_s <= LONG_S


def test_a_run_that_is_too_short_says_how_long_it_must_be() -> None:
    with pytest.raises(DevkitError, match="pass --seconds"):
        timetable(list(FAULTS.values()), 20, 1)


def test_an_unknown_fault_names_those_that_there_are() -> None:
    with pytest.raises(DevkitError, match="18: poison"):
        chosen([1, 99])


def test_no_fault_is_fine() -> None:
    assert timetable([], 1, 1) == []
