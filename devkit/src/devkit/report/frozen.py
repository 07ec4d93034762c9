"""The control that training has to beat: a sentence encoder as it came, and a regression on it.

MiniLM embeddings, a logistic regression over the labels with the background as out of scope, times
the likeness to the nearest known utterance. Its thresholds are fitted as this router's are: out of
fold by family, with the same error targets and the same assumed share out of scope.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from classifier.manifest import OUT_OF_SCOPE, Threshold
from devkit.report.menu import Menu
from devkit.report.verdict import Verdict
from devkit.training import fitting, score
from devkit.training.metrics import Matrix, Reals
from devkit.training.rows import Rows
from events.decision import Decision

FOLDS = 5
REGULAR = 10.0
"""The inverse strength of the regularisation on unit vectors."""

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]
"""Texts to unit vectors (n, width)."""


@dataclass(frozen=True)
class Judged:
    """Of rows (n): the best label in scope, its score, and the probability that none fits."""

    best: NDArray[np.int64]
    score: Reals
    out: Reals


class Regression:
    """The regression and the utterances it has learnt from."""

    def __init__(self, rows: Rows, vectors: Vectors) -> None:
        self._width, self._outside = len(rows.labels), rows.outside
        self._known = vectors[rows.truth != rows.outside]
        self._model = LogisticRegression(C=REGULAR, max_iter=300, tol=1e-3)
        self._model.fit(vectors, rows.truth, sample_weight=rows.weights)

    def judge(self, vectors: Vectors) -> Judged:
        """Probability of the best label in scope, times the cosine to the nearest utterance."""
        probabilities = np.zeros((len(vectors), self._width))
        probabilities[:, self._model.classes_] = self._model.predict_proba(vectors)
        best = fitting.best_known(np.log(probabilities + 1e-12), self._outside)
        chance = probabilities[np.arange(len(best)), best]
        near = (vectors @ self._known.T).max(axis=1)
        return Judged(best, chance * np.clip(near, 0.0, 1.0), probabilities[:, self._outside])


class Frozen:
    """A second stage: answers and refuses where its score reaches the label's threshold."""

    def __init__(
        self,
        menu: Menu,
        labels: Sequence[str],
        regression: Regression,
        thresholds: Mapping[str, Threshold],
        encode: Encode,
    ) -> None:
        self._menu = menu
        self._labels = labels
        self._regression = regression
        self._thresholds = thresholds
        self._encode = encode

    @classmethod
    def fit(cls, menu: Menu, rows: Rows, encode: Encode, policy: fitting.Policy) -> "Frozen":
        """Learn from a corpus and its background. A minute on two cores for 9,000 rows."""
        vectors = encode(rows.texts)
        with threadpool_limits(1):  # on a busy machine several threads mostly wait for each other
            thresholds = _thresholds(rows, vectors, policy)
            return cls(menu, rows.labels, Regression(rows, vectors), thresholds, encode)

    @property
    def answers(self) -> tuple[str, ...]:
        """The labels for which it met the error bound: all others are left to rules."""
        return tuple(name for name, one in self._thresholds.items() if one.least is not None)

    def __call__(self, text: str, decision: Decision) -> Verdict:
        """The best label's verdict where its threshold is reached, else the large model's."""
        judged = self._regression.judge(self._encode([text]))
        best = self._labels[int(judged.best[0])]
        if self._reached(best, float(judged.score[0])):
            return self._menu.answering(best)
        if self._reached(OUT_OF_SCOPE, float(judged.out[0])):
            return self._menu.answering(OUT_OF_SCOPE)
        return self._menu.doubtful()

    def _reached(self, label: str, value: float) -> bool:
        least = self._thresholds[label].least
        return least is not None and value >= least


def _thresholds(rows: Rows, vectors: Vectors, policy: fitting.Policy) -> dict[str, Threshold]:
    """By label, on rows that the regression has not seen."""
    home = np.array(rows.home(FOLDS))
    best, found = np.zeros(len(rows), dtype=np.int64), np.zeros((len(rows), 3))
    for fold in np.unique(home):
        held = home == fold
        taught = rows.part(np.flatnonzero(~held).tolist())
        judged = Regression(taught, vectors[~held]).judge(vectors[held])
        best[held] = judged.best
        found[held] = _outcomes(judged)
    outcome = score.outcomes(best, rows.accepted, rows.outside)
    return fitting.thresholds(rows, found, best, outcome, policy)


def _outcomes(judged: Judged) -> Matrix:
    """(n, 3) as thresholds take them: right, rival (not told), out of scope."""
    return np.stack([judged.score, np.zeros(len(judged.best)), judged.out], axis=1)
