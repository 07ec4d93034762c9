"""How good a posterior is. Arrays: `probabilities` (n, k), `truth` (n,) of label indices."""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Indices = NDArray[np.int64]
Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]


def accuracy(probabilities: Matrix, truth: Indices) -> float:
    """Share of rows whose best label is right."""
    return float((probabilities.argmax(axis=1) == truth).mean())


def macro_f1(probabilities: Matrix, truth: Indices) -> float:
    """Mean of the F1 of each label that occurs in truth or prediction."""
    guess = probabilities.argmax(axis=1)
    scores = []
    for label in np.union1d(truth, guess):
        hit = int(((guess == label) & (truth == label)).sum())
        scores.append(2 * hit / (int((guess == label).sum()) + int((truth == label).sum())))
    return float(np.mean(scores))


def expected_calibration_error(probabilities: Matrix, truth: Indices, bins: int = 15) -> float:
    """The calibration gap of the best label's probability."""
    right = probabilities.argmax(axis=1) == truth
    return calibration_gap(probabilities.max(axis=1), right, bins)


def calibration_gap(score: Reals, right: Flags, bins: int = 15) -> float:
    """Mean gap between score and share of right rows over equally wide bins, weighted by rows."""
    bucket = np.minimum((score * bins).astype(int), bins - 1)
    gaps = [abs(float((right - score)[bucket == b].sum())) for b in np.unique(bucket)]
    return sum(gaps) / len(score)


def auroc(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    """Chance that a positive row scores higher than a negative one; a tie counts half."""
    high, low = np.sort(scores[positive]), np.sort(scores[~positive])
    if not len(high) or not len(low):
        raise ValueError("AUROC needs rows of both kinds")
    below = np.searchsorted(low, high, side="left")
    through = np.searchsorted(low, high, side="right")
    return float((below + through).sum() / 2 / (len(high) * len(low)))


def sure_but_wrong(probabilities: Matrix, truth: Indices, out_of_scope: int, sure: float) -> float:
    """Share of out-of-scope rows that another label wins with a probability of at least `sure`."""
    rows = probabilities[truth == out_of_scope]
    return float(((rows.argmax(axis=1) != out_of_scope) & (rows.max(axis=1) >= sure)).mean())


def coverage_at_precision(score: Reals, right: Flags, precision: float) -> float:
    """The largest share of all rows that can be answered by score at this precision.

    Rows are answered from the highest score down; `right` is False for a row out of scope, which
    nobody should have answered. Rows of one score are answered together. 0 where no share holds.
    """
    order = np.argsort(-score, kind="stable")
    answered = np.arange(1, len(score) + 1)
    held = np.cumsum(right[order]) / answered >= precision
    last = np.append(np.diff(score[order]) != 0, True)
    return float(answered[held & last].max(initial=0)) / len(score)
