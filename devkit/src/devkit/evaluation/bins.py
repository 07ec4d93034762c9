"""Calibration of the final score: equally wide bins, and the error over them."""

import numpy as np

from devkit.evaluation.report import Bin, Calibration
from devkit.evaluation.share import Share
from devkit.training.metrics import Flags, Reals, calibration_gap

BINS = 15


def calibration(score: Reals, right: Flags, bins: int = BINS) -> Calibration:
    """The gap between mean score and share right in each bin that has rows, weighted by rows."""
    bucket = np.minimum((score * bins).astype(int), bins - 1)
    held = [_bin(int(b), bins, score[bucket == b], right[bucket == b]) for b in np.unique(bucket)]
    return Calibration(ece=calibration_gap(score, right, bins), bins=tuple(held))


def _bin(number: int, bins: int, score: Reals, right: Flags) -> Bin:
    return Bin(
        low=number / bins,
        high=(number + 1) / bins,
        rows=len(score),
        score=float(score.mean()),
        right=Share.of_turns(int(right.sum()), len(right)),
    )
