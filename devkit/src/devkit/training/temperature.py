"""Temperature scaling: one number that makes held-out confidence honest."""

import math

import numpy as np

from devkit.training.metrics import Indices, Matrix

LOWEST, HIGHEST = 0.2, 10.0
_GOLDEN = (math.sqrt(5) - 1) / 2


def negative_log_likelihood(logits: Matrix, truth: Indices, temperature: float) -> float:
    """Mean over the rows, in nats. `logits` (n, k), `truth` (n,)."""
    scaled = logits / temperature
    peak = scaled.max(axis=1, keepdims=True)
    total = peak[:, 0] + np.log(np.exp(scaled - peak).sum(axis=1))
    return float((total - scaled[np.arange(len(truth)), truth]).mean())


def fit(logits: Matrix, truth: Indices) -> float:
    """The temperature of least negative log-likelihood, by golden-section search on its logarithm.

    The likelihood has one minimum in the inverse temperature, so that the search cannot miss it
    between `LOWEST` and `HIGHEST`; at a border the border is returned.
    """
    low, high = math.log(LOWEST), math.log(HIGHEST)
    while high - low > 1e-5:
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if negative_log_likelihood(logits, truth, math.exp(left)) < negative_log_likelihood(
            logits, truth, math.exp(right)
        ):
            high = right
        else:
            low = left
    return math.exp((low + high) / 2)
