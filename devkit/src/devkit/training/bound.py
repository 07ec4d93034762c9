"""How sure a share is: Wilson's lower bound for weighted turns.

Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22:
for a share p seen in n independent turns, the smallest share that is within z standard errors *of
its own* of p is

    (p + z²/2n - z·sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n)

One-sided: the true share lies below it with a chance of about 1 - confidence. For weighted turns
p = sum(w·right)/sum(w), and n is Kish's effective number (sum w)²/sum(w²) (Kish 1965, Survey
Sampling), which holds where the weight says nothing about being right.
"""

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]


def weighted_share(weights: Reals, right: Flags) -> float:
    """The weight of the right turns in the weight of all. Both (n,). ValueError without weight."""
    total = float(weights.sum())
    if not total > 0:
        raise ValueError("a share needs turns with a weight above 0")
    return float(weights[right].sum()) / total


def effective_number(weights: Reals) -> float:
    """How many equally weighted turns tell as much (Kish): (sum w)² / sum w². 0 for no turns."""
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


def wilson(share: Reals, effective: Reals, z: float) -> Reals:
    """Wilson's lower bound of each share (k,), seen in `effective` turns (k,), all above 0."""
    ratio = z * z / effective
    spread = z * np.sqrt(share * (1 - share) / effective + ratio / (4 * effective))
    return np.asarray((share + ratio / 2 - spread) / (1 + ratio), np.float64)


def lower_bound(weights: Reals, right: Flags, confidence: float) -> float:
    """The textbook bound of the weighted share: Wilson at the normal quantile, n by Kish."""
    share = np.array([weighted_share(weights, right)])
    effective = np.array([effective_number(weights)])
    return float(wilson(share, effective, plain_z(confidence))[0])


def plain_z(confidence: float) -> float:
    """The normal quantile: 1.645 at 0.95, one-sided. ValueError outside of 0.5 … 1."""
    if not 0.5 < confidence < 1:
        raise ValueError(f"confidence {confidence} is not between 0.5 and 1")
    return NormalDist().inv_cdf(confidence)


def exact_z(confidence: float, error: float) -> float:
    """The z at which n right turns of n show a share of 1 - error exactly when (1-error)^n does.

    Wilson's one-sided bound is liberal near 1: with z = 1.645 and an error target of 0.05, 52 right
    turns of 52 pass, though a router that errs in 5 % of its answers has a chance of 6.9 % of them.
    (1-error)^n = 1-confidence and Wilson's n/(n+z²) = 1-error give

        z² = error/(1-error) · ln(1-confidence)/ln(1-error)

    which is 1.74 to 1.83 for errors of 0.02 to 0.2 (a nominal confidence of 0.959 to 0.966).
    """
    if not 0 < error < 1:
        raise ValueError(f"an error target of {error} is not between 0 and 1")
    squared = error / (1 - error) * math.log(1 - confidence) / math.log(1 - error)
    return max(plain_z(confidence), math.sqrt(squared))
