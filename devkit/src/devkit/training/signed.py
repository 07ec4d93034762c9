"""Logistic regression whose weights may only have the sign that one would expect."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from classifier.scoring import sigmoid
from devkit.training.metrics import Flags, Matrix, Reals

REGULAR = 1.0
"""The inverse strength of the squared penalty on weights, as scikit-learn counts it."""


@dataclass(frozen=True)
class Fit:
    """One weight per feature, and a bias: P = sigmoid(x @ weights + bias)."""

    weights: Reals
    bias: float


def fit(features: Matrix, truth: Flags, weights: Reals, signs: Sequence[int]) -> Fit:
    """Fit on rows (n, features) with weights (n,); a sign of 0 leaves a weight free.

    Rows of one kind alone give a bias only: the log-odds of one more row of the other kind. Raises
    RuntimeError where the fit does not end.
    """
    width = features.shape[1]
    if not truth.any() or truth.all():
        bias = np.log(len(truth) + 1)
        return Fit(np.zeros(width), float(bias if truth.any() else -bias))
    sides = np.where(truth, 1.0, -1.0)
    share = weights / weights.mean()

    def loss(at: Reals) -> tuple[float, Reals]:
        found = features @ at[:width] + at[width]
        wrong = share * (sigmoid(found) - truth)
        slope = np.append(features.T @ wrong + at[:width] / REGULAR, wrong.sum())
        penalty = 0.5 / REGULAR * float(at[:width] @ at[:width])
        return float((share * np.logaddexp(0.0, -sides * found)).sum()) + penalty, slope

    limits = [_range(sign) for sign in signs] + [(None, None)]
    found = minimize(loss, np.zeros(width + 1), jac=True, bounds=limits, method="L-BFGS-B")
    if not found.success:
        raise RuntimeError(f"the final score could not be fitted: {found.message}")
    return Fit(np.asarray(found.x[:width]), float(found.x[width]))


def _range(sign: int) -> tuple[float | None, float | None]:
    return {1: (0.0, None), -1: (None, 0.0), 0: (None, None)}[sign]
