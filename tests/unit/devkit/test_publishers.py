"""Leaving one publisher out: who is asked about, and what the others may teach."""

import importlib.util

import pytest

from devkit.training.corpus import Row

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("sklearn") is None, reason="needs the extra `train`"
)
OUT = "out_of_scope"


def _rows(source: str, label: str, count: int) -> list[Row]:
    return [Row(text=f"{source} {label} {n}", label=label, source=source) for n in range(count)]


def _publishers() -> list[Row]:
    return [
        *_rows("a-shop", "billing", 80),
        *_rows("a-shop", "returns", 40),
        *_rows("a-shop", "gossip", 5),
        *_rows("b-bank", "billing", 90),
        *_rows("b-bank", "returns", 60),
        *_rows("b-bank", OUT, 200),
        *_rows("c-toy", "billing", 300),
        *_rows("d-small", "billing", 20),
        *_rows("d-small", OUT, 20),
    ]


def test_publishers_with_enough_rows_of_two_kinds_are_left_out_in_turn() -> None:
    from devkit.training.publishers import splits
    from devkit.training.rows import Rows

    rows = Rows.of(_publishers(), OUT)
    found = {one.publisher: one for one in splits(rows, 0.45, seed=7)}
    assert set(found) == {"a", "b"}
    for name, one in found.items():
        taught = {rows.rows[n].source[0] for n in one.taught}
        assert name not in taught
        assert not set(one.taught) & set(one.asked)
        out = sum(rows.truth[n] == rows.outside for n in one.asked)
        assert out / len(one.asked) == pytest.approx(0.45, abs=0.01)
    assert found["a"].absent == {"gossip": 5}


def test_the_rows_out_of_scope_that_are_asked_teach_nobody() -> None:
    from devkit.training.publishers import splits
    from devkit.training.rows import Rows

    rows = Rows.of(_publishers(), OUT)
    found = splits(rows, 0.45, seed=7)
    asked = {n for one in found for n in one.asked if rows.truth[n] == rows.outside}
    assert asked
    assert not any(asked & set(one.taught) for one in found)


def test_without_rows_out_of_scope_it_says_what_to_add() -> None:
    from devkit.training.error import CorpusError
    from devkit.training.publishers import splits
    from devkit.training.rows import Rows

    kept = [row for row in _publishers() if row.label != OUT]
    with pytest.raises(CorpusError, match="No row out of scope"):
        splits(Rows.of(kept, OUT, ()), 0.45, seed=7)
