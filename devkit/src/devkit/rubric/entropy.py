"""How open the answer is, given the input: the entropy of its form, in bits.

The surprise of a cross-validated predictor at the true form is an upper bound of the conditional
entropy. It falls with the number of examples n about like a + b/n, so two cross-validations (with
half and with nine tenths of the examples) give a (Richardson's extrapolation): the correction for
few examples. It never exceeds the entropy of the forms alone (Miller 1955: plus (k-1)/2n nats).
A form never seen is one of those that are likely left (Chao 1984).
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from devkit.rubric.predictor import Reals, design, predict, seen_once
from devkit.rubric.serve import Ground, folds

HALF, MOST = 2, 10
RESAMPLES = 500


@dataclass(frozen=True)
class Bits:
    """An entropy in bits with its 95 % bootstrap interval.

    `alone` is the entropy of the forms without looking at the input. `open_ended`: most forms were
    seen once, so the true figure is higher, and how much higher examples cannot say.
    """

    bits: float
    low: float
    high: float
    alone: float
    forms: int
    open_ended: bool

    def __str__(self) -> str:
        least = "≥ " if self.open_ended else ""
        return f"{least}{self.bits:.2f} bits ({self.low:.2f} to {self.high:.2f})"


def entropy(ground: Ground, *, with_row: bool, seed: int) -> Bits:
    """H(form | words) of all examples, or H(form | words and row)."""
    near = _surprise(ground, MOST, with_row, seed)
    far = _surprise(ground, HALF, with_row, seed)
    share = 1 - 1 / MOST, 1 - 1 / HALF
    alone = marginal(ground.forms)
    each = (share[0] * near - share[1] * far) / (share[0] - share[1])
    most = min(alone, float(near.mean()))

    def corrected(values: Reals) -> float:
        return min(max(float(values.mean()), 0.0), most)

    draws = np.random.default_rng(seed).integers(len(each), size=(RESAMPLES, len(each)))
    low, high = np.quantile([corrected(each[one]) for one in draws], [0.025, 0.975])
    once = seen_once(ground.forms) > 0.5
    return Bits(corrected(each), float(low), float(high), alone, len(set(ground.forms)), once)


def marginal(forms: Sequence[int]) -> float:
    """The entropy of the forms alone, in bits, with Miller's correction."""
    counts = np.array(list(Counter(forms).values()), np.float64)
    shares = counts / counts.sum()
    plain = -float((shares * np.log2(shares)).sum())
    return plain + float((len(counts) - 1) / (2 * counts.sum() * math.log(2)))


def left(forms: Sequence[int]) -> int:
    """How many forms were likely never seen (Chao 1984), at least 1."""
    often = Counter(Counter(forms).values())
    return max(1, round(often[1] * (often[1] - 1) / (2 * (often[2] + 1))))


def _surprise(ground: Ground, parts: int, with_row: bool, seed: int) -> Reals:
    bits = np.zeros(len(ground.examples))
    for train, test in folds(len(ground.examples), parts, seed):
        features = design(ground.vectors, ground.rows if with_row else None, train)
        seen = [ground.forms[n] for n in train]
        made = predict(features[train], seen, features[test], ground.total, seen_once(seen))
        bits[test] = made.bits([ground.forms[n] for n in test], left(seen))
    return bits
