"""Logistic regression whose weights may only have the sign that one would expect."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from classifier.scoring import sigmoid
from devkit.training.metrics import Flags, Matrix, Reals

REGULAR = 1.0
"""The inverse strength of the squared penalty on weights, as scikit-learn counts it."""
CERTAIN = 30.0
"""The bias where all rows are of one kind."""


@dataclass(frozen=True)
class Fit:
    """One weight per feature, and a bias: P = sigmoid(x @ weights + bias)."""

    weights: Reals
    bias: float


def fit(features: Matrix, truth: Flags, weights: Reals, signs: Sequence[int]) -> Fit:
    """Fit on rows (n, features) with weights (n,); a sign of 0 leaves a weight free.

    Rows of one kind alone, or none, give a bias only.
    """
    width = features.shape[1]
    if not truth.any() or truth.all():
        return Fit(np.zeros(width), CERTAIN if truth.any() else -CERTAIN)
    sides = np.where(truth, 1.0, -1.0)
    share = weights / weights.mean()

    def loss(at: Reals) -> tuple[float, Reals]:
        found = features @ at[:width] + at[width]
        wrong = share * (sigmoid(found) - truth)
        slope = np.append(features.T @ wrong + at[:width] / REGULAR, wrong.sum())
        penalty = 0.5 / REGULAR * float(at[:width] @ at[:width])
        return float((share * np.logaddexp(0.0, -sides * found)).sum()) + penalty, slope

    limits = [_range(sign) for sign in signs] + [(None, None)]
    found = minimize(loss, np.zeros(width + 1), jac=True, bounds=limits, method="L-BFGS-B").x
    return Fit(np.asarray(found[:width]), float(found[width]))


def _range(sign: int) -> tuple[float | None, float | None]:
    return {1: (0.0, None), -1: (None, 0.0), 0: (None, None)}[sign]
