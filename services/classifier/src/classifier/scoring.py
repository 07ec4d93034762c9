"""The final score: how probable it is that the best known use case is the right one.

A softmax alone is sure of itself far from everything it was trained on. So two small logistic
models, fitted on out-of-fold turns, weigh it together with the posterior's entropy, the energy (the
log-sum-exp of the known labels' logits; Liu et al. 2020) and the likeness to the nearest utterances
known. The first says whether the best known label is right; the second, of the rest, whether it is
out of scope. So there are three outcomes, which are the three doubts.

The posterior itself counts as the mean of two log-odds: the tuned network's and those of a second
opinion that tuning did not bend. On turns like the training's the former is the better one, so that
a fit of both would leave the latter out; on turns unlike them it is not (ADR 0024).
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from classifier.manifest import Scoring

Vector = NDArray[np.float64]

FEATURES = ("agreed", "out_agreed", "entropy", "energy", "near_own", "near_other", "near_out")
LEAST = 1e-6
"""Probabilities are cut here before their log-odds are taken."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Cosines to the nearest known utterance: of the best known label, of another, out of scope."""

    own: float
    other: float
    out: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """Probabilities that sum to 1: the best known label is right, another one is, none is."""

    right: float
    rival: float
    out: float


@dataclass(frozen=True)
class Weighing:
    """The logistic models of the final score, as arrays: `weights` (2, features), `bias` (2,)."""

    center: Vector
    spread: Vector
    weights: Vector
    bias: Vector

    @classmethod
    def of(cls, scoring: Scoring) -> Self:
        """As the manifest keeps it."""
        return cls(
            np.array(scoring.center),
            np.array(scoring.spread),
            np.array(scoring.weights),
            np.array(scoring.bias),
        )

    def outcome(self, found: Vector) -> Outcome:
        """The three outcomes of one turn's features."""
        standard = (found - self.center) / self.spread
        right, out = sigmoid(self.weights @ standard + self.bias)
        return Outcome(float(right), float((1 - right) * (1 - out)), float((1 - right) * out))


def features(scaled: Vector, second: Vector, best: int, out: int, near: Likeness) -> Vector:
    """The features of one turn, in the order of `FEATURES`.

    `scaled` are the logits divided by the temperature, `second` those of the second opinion; `best`
    is the index of the best known label, `out` that of the label out of scope.
    """
    probabilities, others = softmax(scaled), softmax(second)
    known = np.delete(scaled, out)
    return np.array(
        [
            (_log_odds(probabilities[best]) + _log_odds(others[best])) / 2,
            (_log_odds(probabilities[out]) + _log_odds(others[out])) / 2,
            entropy_bits(probabilities),
            _log_sum(known),
            near.own,
            near.other,
            near.out,
        ]
    )


def softmax(logits: Vector) -> Vector:
    """Probabilities along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def sigmoid(values: Vector) -> Vector:
    """The logistic function, elementwise; exact far out on both sides."""
    return np.asarray(np.exp(-np.logaddexp(0.0, -values)))


def entropy_bits(probabilities: Vector) -> float:
    """Shannon entropy in bits; a probability of 0 adds nothing."""
    positive = probabilities[probabilities > 0]
    return float(abs((positive * np.log2(positive)).sum()))


def _log_odds(probability: float) -> float:
    cut = min(max(float(probability), LEAST), 1 - LEAST)
    return float(np.log(cut / (1 - cut)))


def _log_sum(values: Vector) -> float:
    peak = values.max()
    return float(peak + np.log(np.exp(values - peak).sum()))
