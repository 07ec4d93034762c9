"""Fits the final score on held-out rows: is the best label right, and if not, out of scope?"""

from collections.abc import Sequence

import numpy as np

from classifier.manifest import Scoring
from classifier.scoring import FEATURES, Weighing, sigmoid
from devkit.training import signed
from devkit.training.metrics import Flags, Indices, Matrix, Reals

RIGHT = {
    "agreed": 1,
    "out_agreed": -1,
    "entropy": -1,
    "energy": 1,
    "near_own": 1,
    "near_other": -1,
    "near_out": -1,
}
"""Which way each feature may move the score. The features say much the same, so that a free fit
gives some of them the wrong sign: no loss on turns like those it was fitted on, and wildly wrong on
others (ADR 0024)."""

CONSTANT = 1e-4
"""A feature that varies less says nothing: likeness where there is nobody to be like."""

OUT = {
    "agreed": -1,
    "out_agreed": 1,
    "entropy": 0,
    "energy": -1,
    "near_own": -1,
    "near_other": -1,
    "near_out": 1,
}
"""The same for being out of scope, given that the best known label is wrong; 0: either way."""


def outcomes(best: Indices, accepted: Flags, outside: int) -> Indices:
    """What became of each row (n,) if its best known label answered: 0 right, 1 rival, 2 out.

    `best` are indices of best known labels, `accepted` (n, labels) says which labels are right.
    """
    right = accepted[np.arange(len(best)), best]
    out = accepted[:, outside] & ~right
    return np.where(right, 0, np.where(out, 2, 1)).astype(np.int64)


def fit(features: Matrix, outcome: Indices, weights: Reals) -> Scoring:
    """The logistic models of the outcomes over standardised features; weights (n,)."""
    center, spread = features.mean(axis=0), features.std(axis=0)
    spread = np.where(spread < CONSTANT, 1.0, spread)
    standard = (features - center) / spread
    wrong = outcome != 0
    right = signed.fit(standard, ~wrong, weights, _signs(RIGHT))
    out = signed.fit(standard[wrong], outcome[wrong] == 2, weights[wrong], _signs(OUT))
    return Scoring(
        features=FEATURES,
        center=_rounded(center),
        spread=_rounded(spread),
        weights=(_rounded(right.weights), _rounded(out.weights)),
        bias=(round(right.bias, 6), round(out.bias, 6)),
    )


def outcome_probabilities(scoring: Scoring, features: Matrix) -> Matrix:
    """(n, 3): right, rival, out of scope."""
    by = Weighing.of(scoring)
    standard = (features - by.center) / by.spread
    right, out = sigmoid(standard @ by.weights.T + by.bias).T
    return np.stack([right, (1 - right) * (1 - out), (1 - right) * out], axis=1)


def cross_fitted(features: Matrix, outcome: Indices, weights: Reals, home: Sequence[int]) -> Matrix:
    """(n, 3): as `outcome_probabilities`, each fold by a score fitted on the others."""
    folds = np.array(home)
    found = np.zeros((len(features), 3))
    for fold in np.unique(folds):
        rest = folds != fold
        scoring = fit(features[rest], outcome[rest], weights[rest])
        found[~rest] = outcome_probabilities(scoring, features[~rest])
    return found


def _signs(of: dict[str, int]) -> tuple[int, ...]:
    return tuple(of[name] for name in FEATURES)


def _rounded(values: Reals) -> tuple[float, ...]:
    return tuple(round(float(value), 6) for value in values)
