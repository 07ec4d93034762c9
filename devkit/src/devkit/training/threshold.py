"""One use case's threshold: the least final score at which its answers keep the error target.

**What holds.** With `confidence`, the weighted share of wrong answers at or above `Fitted.least`
is at most the error target, for traffic that is exchangeable with the calibration turns (same kind
of customers and wishes, out-of-scope turns at the assumed share). Say so wherever it is shown.

**Fixed-sequence testing.** Candidates lie at places in the order of scores, 5 % more turns each, so
every test brings new evidence; a grid of scores would spend its first tests on no turns at all, and
fail them. Places need scores, not outcomes. Each is tested by "bound of precision >= 1 - target",
from the strictest down; the first failure ends it. What is too wrong passes only if the first
candidate that is too wrong passes: one test, so no correction for many. The first candidate has a
`FIRST` share of the turns, and `HEADROOM` times what a perfect record needs. That number uses the
unit of errors, which is read off errors: not fixed before in the strict sense, so `simulate` has to
show that it holds.

**Bound.** Wilson, with two corrections that `simulate` shows are needed: the z at which a perfect
record counts for what it is worth (`bound.exact_z`), and as effective number the smaller of Kish's
and weight/unit (`clump`), as wrong out-of-scope turns are heavy and families err together. In 21
settings of 1,000 draws (seed 20) the target is broken in 2.4 % of the draws at most; by the
textbook's bound in up to 12 % with few out-of-scope turns, and 29 % with families.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from devkit.training import bound
from devkit.training.bound import Flags, Reals
from devkit.training.clump import units

LIVE_OUT_OF_SCOPE = 0.45
LEAST_ANSWERED = 60
FIRST, HEADROOM, STEP, DIGITS = 0.2, 1.25, 1.05, 1e4


@dataclass(frozen=True)
class Turns:
    """Out-of-fold turns whose best known label is the use case (all, for the out-of-scope label).

    `score` (n,) 0 … 1, higher is surer; `right` (n,) answering so is right; `out_of_scope` (n,) the
    turn truly is; `family` (n,) ids of template families (a turn of its own: an id of its own).
    """

    score: Reals
    right: Flags
    out_of_scope: Flags
    family: Sequence[str] | Sequence[int] | NDArray[np.int64]

    def __post_init__(self) -> None:
        """ValueError for arrays of unequal length or scores outside of 0 … 1."""
        lengths = {len(self.score), len(self.right), len(self.out_of_scope), len(self.family)}
        if len(lengths) > 1:
            raise ValueError(f"score, right, out_of_scope and family differ in length: {lengths}")
        if not ((self.score >= 0) & (self.score <= 1)).all():
            raise ValueError("a score is not between 0 and 1")


@dataclass(frozen=True)
class Terms:
    """What is asked of a threshold. `weight`: of an out-of-scope turn, in-scope turns weigh 1.

    `textbook`: the plain bound (normal z, Kish), for `simulate` to show what it lets through.
    """

    error_target: float
    weight: float
    confidence: float = 0.95
    least_answered: int = LEAST_ANSWERED
    textbook: bool = False

    @property
    def z(self) -> float:
        """Standard errors that the bound takes off."""
        exact = bound.exact_z(self.confidence, self.error_target)
        return bound.plain_z(self.confidence) if self.textbook else exact


@dataclass(frozen=True)
class Fitted:
    """A threshold, or `least` None: rules only. The figures are of the threshold, else of the last
    one tested (precision and bound None where none was).

    `answered`, `wrong`: turns; `weight`: of the answered; `effective`: equal turns as telling.
    """

    least: float | None
    error_target: float
    answered: int
    wrong: int
    weight: float
    precision: float | None
    bound: float | None
    why: str
    effective: float | None = None


def balance(in_scope: int, out_of_scope: int, share: float = LIVE_OUT_OF_SCOPE) -> float:
    """The weight of an out-of-scope turn at which they are this share of ALL calibration turns.

    ValueError without turns of both kinds, or for a share outside of 0 … 1.
    """
    if in_scope < 1 or out_of_scope < 1:
        raise ValueError("calibration needs in-scope and out-of-scope turns: add the missing kind")
    if not 0 < share < 1:
        raise ValueError(f"an out-of-scope share of {share} is not between 0 and 1")
    return share / (1 - share) * in_scope / out_of_scope


def fit(turns: Turns, terms: Terms) -> Fitted:
    """The loosest threshold of the sequence that passed, before the first that failed."""
    if len(turns.score) < terms.least_answered:
        return _too_few(turns, terms)
    sweep = _Sweep.of(turns, terms)
    places = sweep.places(terms)
    passed = sweep.bound[places] >= 1 - terms.error_target
    count = len(places) if passed.all() else int(np.argmin(passed))
    return sweep.fitted(int(places[max(count - 1, 0)]), terms, found=count > 0)


@dataclass(frozen=True)
class _Sweep:
    """Figures for answering the best 1, 2 … n turns, each (n,)."""

    score: Reals
    wrong: NDArray[np.int64]
    weight: Reals
    precision: Reals
    effective: Reals
    bound: Reals
    unit: float

    @classmethod
    def of(cls, turns: Turns, terms: Terms) -> "_Sweep":
        order = np.argsort(-turns.score, kind="stable")
        weights = np.where(turns.out_of_scope, terms.weight, 1.0)[order]
        errors = np.where(turns.right[order], 0.0, weights)
        _, family = np.unique(np.asarray(turns.family), return_inverse=True)
        unit = units(errors, family[order].astype(np.int64), _heaviest(turns, terms))
        weight = weights.cumsum()
        kish = weight**2 / (weights**2).cumsum()
        effective = kish if terms.textbook else np.minimum(kish, weight / unit.at)
        precision = np.clip(1 - errors.cumsum() / weight, 0.0, 1.0)
        lower = bound.wilson(precision, effective, terms.z)
        wrong = (errors > 0).astype(np.int64).cumsum()
        first = 1.0 if terms.textbook else unit.first
        return cls(turns.score[order], wrong, weight, precision, effective, lower, first)

    def places(self, terms: Terms) -> NDArray[np.int64]:
        """The last turn answered at each candidate, strictest first, ties together."""
        target, count = terms.error_target, len(self.score)
        perfect = terms.z**2 * (1 - target) / target * self.unit
        start = max(terms.least_answered, HEADROOM * perfect, FIRST * count)
        start = min(math.ceil(start), count)
        steps = range(int(math.log(count / start) / math.log(STEP)) + 1)
        ranks = np.array([*(int(start * STEP**step) for step in steps), count])
        least = np.unique(_rounded(self.score[ranks - 1]))[::-1]
        return np.searchsorted(-self.score, -least, side="right") - 1

    def fitted(self, place: int, terms: Terms, *, found: bool) -> Fitted:
        """The record of answering down to this place."""
        answered, wrong = place + 1, int(self.wrong[place])
        least = float(_rounded(self.score[place : place + 1])[0]) if found else None
        lower = float(self.bound[place])
        return Fitted(
            least=least,
            error_target=terms.error_target,
            answered=answered,
            wrong=wrong,
            weight=float(self.weight[place]),
            precision=float(self.precision[place]),
            bound=lower,
            why=_why(found, answered, wrong, lower, terms),
            effective=float(self.effective[place]),
        )


def _rounded(score: Reals) -> Reals:
    """Down to four digits, as a manifest shows it: candidates are what will be compared."""
    down = np.floor(score * DIGITS) / DIGITS
    return np.where(down > score, down - 1 / DIGITS, down)


def _heaviest(turns: Turns, terms: Terms) -> float:
    """The weight of the heaviest turn that can be wrong: refusing an out-of-scope turn never is."""
    outside = turns.out_of_scope
    refusing = bool(outside.any()) and bool(turns.right[outside].all())
    return 1.0 if refusing else max(1.0, terms.weight)


def _too_few(turns: Turns, terms: Terms) -> Fitted:
    count = len(turns.score)
    weight = float(np.where(turns.out_of_scope, terms.weight, 1.0).sum())
    why = f"rules only: {count} calibration turns, {terms.least_answered} are needed"
    wrong = int((~turns.right).sum())
    return Fitted(None, terms.error_target, count, wrong, weight, None, None, why)


def _why(found: bool, answered: int, wrong: int, lower: float, terms: Terms) -> str:
    seen = f"{answered} calibration turns answered, {wrong} wrong"
    target = 1 - terms.error_target
    if found:
        return (
            f"precision at least {lower:.3f} (target {target:.3f}) with confidence "
            f"{terms.confidence:g} for exchangeable traffic: {seen}"
        )
    return f"rules only: {seen} at the strictest threshold: bound {lower:.3f} under {target:.3f}"
