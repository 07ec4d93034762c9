"""How likely a turn stands by itself: what was said before it is another matter, or none.

A reader learns from turns that lean on a session, and finds a meaning in the session for every
turn. Most customers also change the subject in the middle of one. Such a turn reads like one that
opens a session, and that is what is asked here, of its own words alone.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from classifier.model import Posterior
from classifier.scoring import Vector

LEAST = 1e-6
"""Probabilities are cut here before their logarithms are taken."""
NEVER = -50.0
"""The bias of one that has seen no turn that stands by itself."""


def of_words(alone: Posterior, text: str, labels: tuple[str, ...]) -> Vector:
    """(width + labels + 4,): what the network says of the text alone, and how long it is."""
    circumstances = [
        np.log1p(len(text.split())),
        float("?" in text),
        alone.score,
        alone.out_of_scope,
    ]
    return np.concatenate([alone.parts, logs(alone, labels), circumstances])


def logs(posterior: Posterior, labels: tuple[str, ...]) -> Vector:
    """Log-probabilities (labels,)."""
    found = dict(posterior.probabilities)
    return np.log(np.maximum([found[label] for label in labels], LEAST))


@dataclass(frozen=True)
class Standing:
    """A logistic regression over standardised features (n,) of `of_words`; `bias` is (1,)."""

    center: Vector
    spread: Vector
    weights: Vector
    bias: Vector

    @classmethod
    def never(cls, size: int) -> Self:
        """One that says of no turn that it stands by itself."""
        return cls(np.zeros(size), np.ones(size), np.zeros(size), np.array([NEVER]))

    def share(self, words: Vector) -> float:
        """The probability that a turn of these features stands by itself."""
        total = self.weights @ ((words - self.center) / self.spread) + self.bias[0]
        return float(np.exp(-np.logaddexp(0.0, -total)))

    def arrays(self) -> dict[str, Vector]:
        """All numbers, by the names that they have in the reader's file."""
        parts = ("center", "spread", "weights", "bias")
        return {f"standing_{name}": getattr(self, name) for name in parts}
