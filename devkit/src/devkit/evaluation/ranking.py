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
    every = np.ones(len(judged.rows), dtype=np.bool_)
    return Coverage(
        final_score=_at(judged.score, judged.right, every),
        softmax=_at(judged.top, judged.right, judged.claimed),
    )


def auroc(score: Reals, outside: Flags) -> Auroc:
    """How well a score, higher for what is out of scope, ranks it above the rest."""
    if not outside.any():
        return Auroc(value=None, why="no row is out of scope")
    if outside.all():
        return Auroc(value=None, why="every row is out of scope")
    return Auroc(value=metrics.auroc(score, outside))


def risk(score: Reals, right: Flags, can: Flags) -> tuple[Reals, Reals]:
    """Share of all rows answered, and share wrong of those, from the highest score down.

    Rows that never `can` be answered count among all. Rows of one score are answered together.
    """
    order = np.argsort(-score[can], kind="stable")
    ranked, wrong = score[can][order], (~right[can][order]).cumsum()
    answered = np.arange(1, len(ranked) + 1)
    last = np.append(np.diff(ranked) != 0, True)[: len(ranked)]
    return answered[last] / len(score), wrong[last] / answered[last]


def _at(score: Reals, right: Flags, can: Flags) -> dict[str, Share]:
    return {f"{precision:.2f}": _share(score, right, can, precision) for precision in PRECISIONS}


def _share(score: Reals, right: Flags, can: Flags, precision: float) -> Share:
    held = int(can.sum())
    best = metrics.coverage_at_precision(score[can], right[can], precision) if held else 0.0
    return Share.of_turns(round(best * held), len(score))
