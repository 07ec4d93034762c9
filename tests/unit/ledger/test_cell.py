"""Sums and quantiles of a window's cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.cell import BOUNDS_MS, Cell, bucket_of, bucketed

LATENCIES = st.lists(st.integers(0, 30_000), min_size=1, max_size=200)


def cell(latencies: list[int]) -> Cell:
    counts: dict[int, int] = {}
    for latency in latencies:
        counts[bucket_of(latency)] = counts.get(bucket_of(latency), 0) + 1
    return Cell(turns=len(latencies), latencies=bucketed(counts))


def test_the_targets_are_bounds() -> None:
    assert {120, 900, 1200, 1400, 1500} <= set(BOUNDS_MS)
    assert list(BOUNDS_MS) == sorted(set(BOUNDS_MS))


def test_nothing_has_no_quantile() -> None:
    assert Cell().quantile_ms(0.5) is None


@given(LATENCIES, st.sampled_from([0.5, 0.9, 0.99]))
def test_a_quantile_lies_in_the_bucket_of_the_true_one(latencies: list[int], q: float) -> None:
    told = cell(latencies).quantile_ms(q)
    true = sorted(latencies)[max(0, -(-int(q * 100) * len(latencies) // 100) - 1)]
    at = bucket_of(true)
    low = BOUNDS_MS[at - 1] if at else 0
    high = BOUNDS_MS[min(at, len(BOUNDS_MS) - 1)]
    assert told is not None
    assert low <= told <= high


@given(LATENCIES, LATENCIES)
def test_cells_add_up(one: list[int], two: list[int]) -> None:
    assert cell(one) + cell(two) == cell(one + two)


def test_what_is_above_the_last_bound_counts_as_that_bound() -> None:
    assert cell([1_000_000]).quantile_ms(0.5) == BOUNDS_MS[-1]


@pytest.mark.parametrize("latency", [-20, 0])
def test_clocks_that_disagree_are_counted_as_no_time(latency: int) -> None:
    assert bucket_of(latency) == 0
