"""How much weight errs together: wrong turns of one template family are not independent.

Where errors fall one by one, each with weight u, a weighted share of errors E/W varies like a
share among W/u equal turns: u is the unit in which errors come. For families with wrong weights c
it is sum(c²)/sum(c), their size-weighted mean (the cluster variance of rare errors E, over E).
It covers weights too: an out-of-scope turn that is wrong by nature weighs more than Kish's mean.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from devkit.training.bound import Reals

AHEAD = 10
"""Erring families that are looked at beyond the threshold. Without looking ahead the unit is small
just when luck makes errors few; further ahead are turns that say less about those answered."""


@dataclass(frozen=True)
class Units:
    """`at` (n,): when the best 1 … n turns are answered. `first`: when none is yet."""

    at: Reals
    first: float


def units(wrong: Reals, family: NDArray[np.int64], heaviest: float) -> Units:
    """The unit at every depth. `wrong` (n,): weight of each wrong turn, else 0, best score first.

    Above the threshold there may be no error to learn from: the unit is read from the families
    that erred down to it and the `AHEAD` that err next, how deep ever they are, and one error more
    of the `heaviest` single weight. So no error at all means that weight.
    """
    before = _before(wrong, family)
    errors, squares = wrong.cumsum(), (wrong * (2 * before + wrong)).cumsum()
    erred = ((wrong > 0) & (before < wrong / 2)).cumsum()
    depth = np.minimum(np.searchsorted(erred, erred + AHEAD), len(wrong) - 1)
    at = (squares[depth] + heaviest**2) / (errors[depth] + heaviest)
    return Units(at, max(float(at[0]), heaviest))


def _before(wrong: Reals, family: NDArray[np.int64]) -> Reals:
    """The wrong weight that each turn's family had already (n,)."""
    order = np.argsort(family, kind="stable")
    sums = wrong[order].cumsum() - wrong[order]
    opens = np.append(True, np.diff(family[order]) != 0)
    before = np.empty(len(wrong))
    before[order] = sums - np.maximum.accumulate(np.where(opens, sums, 0.0))
    return before
