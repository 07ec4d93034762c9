"""Which rows a score would answer first, and how far down it may go."""

import numpy as np

from devkit.evaluation.judged import Judgement
from devkit.evaluation.report import Auroc, Coverage
from devkit.evaluation.share import Share
from devkit.training import metrics
from devkit.training.metrics import Flags, Reals

PRECISIONS = (0.80, 0.90, 0.95)


def coverage(judged: Judgement) -> Coverage:
    """Coverage at each precision; a row out of scope that is answered is wrong."""
    return Coverage(
        final_score=_at(judged.score, judged.right), softmax=_at(judged.peak, judged.right)
    )


def auroc(score: Reals, outside: Flags) -> Auroc:
    """How well a score, higher for what is out of scope, ranks it above the rest."""
    if not outside.any():
        return Auroc(value=None, why="no row is out of scope")
    if outside.all():
        return Auroc(value=None, why="every row is out of scope")
    return Auroc(value=metrics.auroc(score, outside))


def risk(score: Reals, right: Flags) -> tuple[Reals, Reals]:
    """Share of all rows answered, and share wrong of those, from the highest score down.

    Rows of one score are answered together.
    """
    order = np.argsort(-score, kind="stable")
    ranked, wrong = score[order], (~right[order]).cumsum()
    answered = np.arange(1, len(ranked) + 1)
    last = np.append(np.diff(ranked) != 0, True)
    return answered[last] / len(score), wrong[last] / answered[last]


def _at(score: Reals, right: Flags) -> dict[str, Share]:
    best = {one: metrics.coverage_at_precision(score, right, one) for one in PRECISIONS}
    count = len(score)
    return {f"{one:.2f}": Share.of_turns(round(held * count), count) for one, held in best.items()}
