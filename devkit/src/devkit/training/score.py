"""Fits the final score on held-out rows: right, another known label, out of scope."""

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from classifier.manifest import OUTCOMES, Scoring
from classifier.scoring import FEATURES, Weighing, softmax
from devkit.training.metrics import Flags, Indices, Matrix, Reals

REGULAR = 1.0
NEVER = -30.0
"""The bias of an outcome that no held-out row had."""


def outcomes(best: Indices, accepted: Flags, outside: int) -> Indices:
    """What became of each row (n,) if its best known label answered: 0 right, 1 rival, 2 out.

    `best` are indices of best known labels, `accepted` (n, labels) says which labels are right.
    """
    right = accepted[np.arange(len(best)), best]
    out = accepted[:, outside] & ~right
    return np.where(right, 0, np.where(out, 2, 1)).astype(np.int64)


def fit(features: Matrix, outcome: Indices, weights: Reals) -> Scoring:
    """The logistic model of the outcomes over standardised features; weights (n,)."""
    center, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    found = sorted({int(one) for one in outcome})
    coefficients = np.zeros((OUTCOMES, features.shape[1]))
    bias = np.full(OUTCOMES, NEVER)
    if len(found) == 1:
        bias[found[0]] = 0.0
    else:
        model = LogisticRegression(C=REGULAR, max_iter=1000)
        model.fit((features - center) / spread, outcome, sample_weight=weights)
        coefficients[found], bias[found] = rows_of(model, len(found))
    return Scoring(
        features=FEATURES,
        center=_rounded(center),
        spread=_rounded(spread),
        weights=tuple(_rounded(row) for row in coefficients),
        bias=_rounded(bias),
    )


def outcome_probabilities(scoring: Scoring, features: Matrix) -> Matrix:
    """(n, 3): right, rival, out of scope."""
    by = Weighing.of(scoring)
    standard = (features - by.center) / by.spread
    return np.asarray(softmax(standard @ by.weights.T + by.bias))


def cross_fitted(features: Matrix, outcome: Indices, weights: Reals, home: Sequence[int]) -> Matrix:
    """(n, 3): as `outcome_probabilities`, each fold by a score fitted on the others."""
    folds = np.array(home)
    found = np.zeros((len(features), OUTCOMES))
    for fold in np.unique(folds):
        rest = folds != fold
        scoring = fit(features[rest], outcome[rest], weights[rest])
        found[~rest] = outcome_probabilities(scoring, features[~rest])
    return found


def rows_of(model: LogisticRegression, count: int) -> tuple[Matrix, Reals]:
    """A row of weights and a bias for each outcome.

    Of two outcomes scikit-learn keeps one row: the other's is its negative, halved.
    """
    if count > 2:
        return model.coef_, model.intercept_
    return (
        np.vstack([-model.coef_ / 2, model.coef_ / 2]),
        np.concatenate([-model.intercept_ / 2, model.intercept_ / 2]),
    )


def _rounded(values: Reals) -> tuple[float, ...]:
    return tuple(round(float(value), 6) for value in values)
