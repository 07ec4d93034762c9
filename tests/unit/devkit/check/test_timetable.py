"""When faults are injected: seeded, apart from each other, after a calm time."""

from itertools import pairwise

import pytest

from devkit.check.fault.registry import FAULTS, chosen
from devkit.check.timetable import timetable
from devkit.errors import DevkitError


def test_the_seed_decides() -> None:
    faults = list(FAULTS.values())
    assert timetable(faults, 90, 7) == timetable(faults, 90, 7)
    assert len({tuple(f.number for _, f in timetable(faults, 90, seed)) for seed in range(20)}) > 1


@pytest.mark.parametrize("seed", range(10))
def test_each_fault_has_its_time(seed: int) -> None:
    plan = timetable(list(FAULTS.values()), 75, seed)
    assert plan[0][0] >= 75 * 0.15
    for (at, fault), (later, _) in pairwise(plan):
        assert later >= at + fault.needs_s
    assert plan[-1][0] + plan[-1][1].needs_s <= 75


def test_a_run_that_is_too_short_says_how_long_it_must_be() -> None:
    with pytest.raises(DevkitError, match="pass --seconds"):
        timetable(list(FAULTS.values()), 20, 1)


def test_an_unknown_fault_names_those_that_there_are() -> None:
    with pytest.raises(DevkitError, match="18: poison"):
        chosen([1, 99])


def test_no_fault_is_fine() -> None:
    assert timetable([], 1, 1) == []
