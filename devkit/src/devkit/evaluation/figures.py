"""From judged rows to the report."""

import numpy as np

from devkit.evaluation.bins import calibration
from devkit.evaluation.data import Data
from devkit.evaluation.judged import Judgement, Verdict, strangers
from devkit.evaluation.labels import confusions, label_figures, macro_f1
from devkit.evaluation.notes import absent, notes
from devkit.evaluation.ranking import auroc, coverage
from devkit.evaluation.report import (
    Accuracy,
    AtThresholds,
    DataFigures,
    Latency,
    MustNot,
    OutOfScope,
    Report,
)
from devkit.evaluation.share import Share
from devkit.training.metrics import Flags
from devkit.training.rows import live_weights


def report(judged: Judgement, data: Data) -> Report:
    """All figures of at least one judged row."""
    labels = label_figures(judged)
    return Report(
        model=judged.terms.version,
        data=_data(judged, data),
        accuracy=_accuracy(judged),
        must_not=_must_not(judged),
        macro_f1=macro_f1(labels),
        labels=labels,
        confusions=confusions(judged),
        calibration=calibration(judged.score, judged.right),
        out_of_scope=_out_of_scope(judged),
        coverage_at_precision=coverage(judged),
        at_thresholds=_at_thresholds(judged),
        latency=_latency(judged),
        notes=notes(data, judged.terms),
    )


def _data(judged: Judgement, data: Data) -> DataFigures:
    return DataFigures(
        sha256=data.sha256,
        rows=len(data.rows),
        out_of_scope_rows=int(judged.outside.sum()),
        background_rows=data.background,
        background_sha256=data.background_sha256,
        rows_with_history=sum(bool(row.history) for row in data.rows),
        unknown_labels=strangers([row.label for row in data.rows], judged.terms),
        absent_labels=absent(data, judged.terms),
    )


def _accuracy(judged: Judgement) -> Accuracy:
    strict = sum(one.posterior.best == one.row.label for one in judged.rows)
    accepted = sum(one.posterior.best in one.row.accepts for one in judged.rows)
    count = len(judged.rows)
    return Accuracy(strict=Share.of_turns(strict, count), accepted=Share.of_turns(accepted, count))


def _must_not(judged: Judgement) -> MustNot:
    forbidding = sum(bool(one.row.must_not) for one in judged.rows)
    lines = tuple(one.number for one in judged.rows if one.forbidden)
    return MustNot(hits=Share.of_turns(len(lines), forbidding), lines=lines)


def _out_of_scope(judged: Judgement) -> OutOfScope:
    outside, refused = judged.outside, judged.given(Verdict.REFUSED)
    believed = np.array([one.posterior.out_of_scope for one in judged.rows])
    label = judged.terms.out_of_scope
    accepting = np.array([label in one.row.accepts for one in judged.rows])
    return OutOfScope(
        auroc=auroc(believed, outside),
        auroc_by_score=auroc(1 - judged.score, outside),
        recall=_part(~judged.claimed, outside),
        refused=_part(refused, outside),
        answered=_part(judged.given(Verdict.ANSWERED), outside),
        in_scope_refused=_part(refused & ~accepting, ~outside),
    )


def _at_thresholds(judged: Judgement) -> AtThresholds:
    answered, every = judged.given(Verdict.ANSWERED), np.ones(len(judged.rows), dtype=np.bool_)
    share = judged.terms.out_of_scope_share
    return AtThresholds(
        coverage=_part(answered, every),
        precision=_part(judged.right, answered),
        wrong=_part(answered & ~judged.right, every),
        refused=_part(judged.given(Verdict.REFUSED), every),
        unsure=_part(judged.given(Verdict.UNSURE), every),
        assumed_share=share,
        precision_at_assumed_share=_weighted(judged, answered, share),
    )


def _weighted(judged: Judgement, answered: Flags, share: float) -> float | None:
    """Precision where rows out of scope are this share of all; None without rows of both kinds."""
    if judged.outside.all() or not judged.outside.any() or not answered.any():
        return None
    weights = live_weights(judged.outside, share)
    total = float(weights[answered].sum())
    return float(weights[answered & judged.right].sum()) / total if total else None


def _latency(judged: Judgement) -> Latency:
    taken = np.array([one.milliseconds for one in judged.rows])
    return Latency(
        p50_ms=float(np.percentile(taken, 50)),
        p99_ms=float(np.percentile(taken, 99)),
        turns_per_second=1000 * len(taken) / float(taken.sum()),
    )


def _part(which: Flags, of: Flags) -> Share:
    return Share.of_turns(int((which & of).sum()), int(of.sum()))
