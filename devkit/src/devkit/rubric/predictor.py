"""Which form an answer takes: predicted from what was written, or from that and the row."""

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from devkit.rubric.example import Example
from devkit.rubric.facts import leaves

Reals = NDArray[np.float64]
STRENGTH = 30.0
"""The inverse strength of the regularisation: few examples of unit length, not to be flattened."""
OFTEN = 2
"""A value of a row is a feature from so many examples on; rarer ones are names and numbers."""


def row_features(examples: Sequence[Example]) -> list[frozenset[str]]:
    """What a row says that can choose a form: a field is there, its value, a date is past."""
    return [frozenset(_of_row(one)) for one in examples]


def _of_row(example: Example) -> list[str]:
    found = []
    for path, count in Counter(path for path, _ in leaves(dict(example.entities))).items():
        found += [path, f"{path}#{min(count, 3)}"]
    for path, value in leaves(dict(example.entities)):
        found.append(f"{path}={value}")
        if example.at and isinstance(value, str) and value[:4].isdigit() and "-" in value:
            found.append(f"{path}{'<' if value[:10] < example.at.date().isoformat() else '>='}at")
    return found


@dataclass(frozen=True)
class Guess:
    """Predictions for some examples: the best form of each, and P(each form) (m, forms).

    `unseen` is the chance that the answer has a form that was never seen (Good and Turing: the
    share of forms seen once).
    """

    forms: NDArray[np.int64]
    probabilities: Reals
    unseen: float

    def bits(self, truth: Sequence[int], more: int) -> Reals:
        """The surprise at each true form; an unseen form is one of `more` that are left."""
        each = np.array([self.probabilities[n, form] for n, form in enumerate(truth)])
        known = (1 - self.unseen) * each
        return np.asarray(-np.log2(np.where(each > 0, known, self.unseen / max(more, 1))))


def predict(train: Reals, forms: Sequence[int], test: Reals, total: int, seen_once: float) -> Guess:
    """Fit on features (n, d) with their forms; guess for features (m, d) of `total` forms."""
    probabilities = np.zeros((len(test), total))
    kinds = sorted(set(forms))
    if len(kinds) == 1:
        probabilities[:, kinds[0]] = 1.0
    else:
        with warnings.catch_warnings():
            # Free answers are nearly all different: that is what is to be found out.
            warnings.filterwarnings("ignore", message="The number of unique classes")
            model = LogisticRegression(C=STRENGTH, max_iter=100, tol=1e-3)
            # The fit is the same in the space that the examples span, and much quicker.
            basis = np.linalg.svd(train, full_matrices=False)[2].T
            model.fit(train @ basis, list(forms))
        probabilities[:, model.classes_] = np.maximum(model.predict_proba(test @ basis), 1e-6)
    return Guess(probabilities.argmax(axis=1), probabilities, seen_once)


def seen_once(forms: Sequence[int]) -> float:
    """The chance of a form never seen: Good and Turing's estimate, kept off 0 and 1."""
    once = sum(1 for count in Counter(forms).values() if count == 1)
    return (once + 0.5) / (len(forms) + 1)


def design(
    embedded: NDArray[np.float32], rows: Sequence[frozenset[str]] | None, train: Sequence[int]
) -> Reals:
    """Features (n, d) of all examples: vectors, and the row's values seen often in `train`."""
    if rows is None:
        return np.asarray(embedded, np.float64)
    counts = Counter(name for number in train for name in rows[number])
    names = [name for name, count in sorted(counts.items()) if OFTEN <= count < len(train)]
    ones = np.array([[float(name in row) for name in names] for row in rows])
    return np.hstack([np.asarray(embedded, np.float64), ones.reshape(len(rows), len(names))])
