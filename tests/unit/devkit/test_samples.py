"""Which rows a learning curve learns from, and which it asks about."""

from collections import Counter

import pytest

from devkit.training.corpus import Row
from devkit.training.error import CorpusError
from devkit.training.rows import Rows
from devkit.training.samples import Draw, Sample, examples, sample

OUT = "out_of_scope"


def written(label: str, families: int, fillings: int) -> list[Row]:
    """Families of so many rows each."""
    return [
        Row(text=f"{label} {family} says {number}", label=label, family=f"{label}/t{family}/1")
        for family in range(families)
        for number in range(fillings)
    ]


ROWS = Rows.of(
    [*written("billing", 20, 3), *written("returns", 5, 2), *written(OUT, 20, 2)],
    OUT,
    [f"noise {number}" for number in range(30)],
)


def families(found: Sample, numbers: list[int]) -> Counter[str]:
    return Counter(found.rows.rows[number].family for number in numbers)


def test_no_family_is_learnt_from_and_asked_about() -> None:
    found = sample(ROWS, None, Draw(background=10))
    assert families(found, found.pool).keys().isdisjoint(families(found, found.asked))
    assert len(found.background) == 10
    assert set(found.background).isdisjoint(found.asked)


def test_so_large_a_share_of_those_asked_is_out_of_scope() -> None:
    found = sample(ROWS, None, Draw(share=0.25))
    out = [n for n in found.asked if found.rows.rows[n].label == OUT]
    assert len(out) / len(found.asked) == pytest.approx(0.25, abs=0.05)
    assert all(found.rows.rows[n].source == "" for n in out), "the data has rows of its own"


def test_examples_are_of_different_families_first() -> None:
    found = sample(ROWS, None, Draw())
    few = examples(found, 8, seed=7)
    billing = [n for n in few if found.rows.rows[n].label == "billing"]
    assert len(billing) == len(families(found, billing)) == 8


def test_a_smaller_size_is_part_of_a_larger_and_a_thin_label_gives_all() -> None:
    found = sample(ROWS, None, Draw())
    few, many = examples(found, 5, seed=7), examples(found, 30, seed=7)
    assert set(few) < set(many)
    count = Counter(found.rows.rows[n].label for n in many)
    assert count["billing"] == 30
    assert count["returns"] == sum(found.rows.rows[n].label == "returns" for n in found.pool) < 30


def test_another_seed_gives_other_examples_and_the_same_the_same() -> None:
    found = sample(ROWS, None, Draw())
    assert examples(found, 8, seed=7) == examples(found, 8, seed=7) != examples(found, 8, seed=8)


def test_a_test_is_asked_and_its_texts_are_not_learnt() -> None:
    test = [Row(text="Billing 3 says 1", label="billing"), Row(text="tell me a joke", label=OUT)]
    found = sample(ROWS, test, Draw(share=0.5))
    assert {found.rows.rows[n].text for n in found.asked} == {row.text for row in test}
    assert "billing 3 says 1" not in {found.rows.rows[n].text.lower() for n in found.pool}


def test_a_test_with_a_label_that_nobody_teaches_is_refused() -> None:
    with pytest.raises(CorpusError, match="do not teach: swimming"):
        sample(ROWS, [Row(text="x", label="swimming")], Draw())


def test_a_test_without_a_row_out_of_scope_is_refused() -> None:
    with pytest.raises(CorpusError, match="No row out of scope"):
        sample(ROWS, [Row(text="x", label="billing")], Draw())
