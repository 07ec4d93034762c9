"""Batches of rows of about the same length: padding costs as much as text."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from torch import Tensor

from devkit.training.network import Half

POOL = 32
"""Batches to a pool: of 14 tokens a row, 0.9 more are padding; with pools of 8, 3.8 (the reference
shop's rows, counted)."""


@dataclass(frozen=True)
class Seen:
    """One row to learn from: its halves (as written, then with slips), label and weight.

    `sentence` (dim,) is the unit vector that the untuned encoder makes of it as written.
    """

    halves: Sequence[Half]
    label: int
    weight: float
    sentence: Tensor


def shuffled(rows: Sequence[Seen], size: int, dice: random.Random) -> Iterator[list[Seen]]:
    """All rows once, in random batches of `size` (the last one of a pool may be smaller).

    Rows are drawn in pools of `POOL` batches and sorted by length inside a pool; a pool's batches
    are given out in random order.
    """
    order = dice.sample(list(rows), len(rows))
    for start in range(0, len(order), size * POOL):
        pool = sorted(order[start : start + size * POOL], key=lambda row: len(row.halves[0].states))
        parts = [pool[at : at + size] for at in range(0, len(pool), size)]
        yield from dice.sample(parts, len(parts))
