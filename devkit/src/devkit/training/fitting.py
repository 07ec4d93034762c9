"""From held-out answers to everything that is fitted on them: temperature, score, thresholds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.manifest import Scoring, Threshold
from devkit.training import metrics, score, temperature, threshold
from devkit.training.crossval import HeldOut
from devkit.training.metrics import Flags, Indices, Matrix, Reals
from devkit.training.rows import Rows, live_weights


@dataclass(frozen=True)
class Policy:
    """What thresholds promise: the share out of scope in live traffic, targets by label."""

    out_of_scope_share: float = threshold.LIVE_OUT_OF_SCOPE
    confidence: float = 0.95
    error_target: float = 0.05
    targets: Mapping[str, float] | None = None

    def target(self, label: str) -> float:
        """The tolerated share of wrong answers of a label."""
        return (self.targets or {}).get(label, self.error_target)


@dataclass(frozen=True)
class Fitted:
    """Temperature, final score, thresholds by label, and the figures of the held-out rows."""

    temperature: float
    scoring: Scoring
    thresholds: dict[str, Threshold]
    figures: dict[str, float]


def fitted(rows: Rows, held: HeldOut, home: Sequence[int], policy: Policy) -> Fitted:
    """Fit on held-out rows. `home` is each row's fold: thresholds see scores fitted without it."""
    truth, accepted = rows.truth, rows.accepted
    outside = truth == rows.outside
    weights = live_weights(outside, policy.out_of_scope_share)
    heat = temperature.fit(held.served, truth)
    features = held.at(heat)
    best = best_known(held.served, rows.outside)
    outcome = score.outcomes(best, accepted, rows.outside)
    crossed = score.cross_fitted(features, outcome, weights, home)
    return Fitted(
        round(heat, 4),
        score.fit(features, outcome, weights),
        thresholds(rows, crossed, best, outcome, policy),
        _figures(rows, held, heat, crossed, outcome),
    )


def best_known(logits: Matrix, outside: int) -> Indices:
    """The best label of each row (n,) that is not out of scope."""
    known = logits.copy()
    known[:, outside] = -np.inf
    return np.asarray(known.argmax(axis=1))


def thresholds(
    rows: Rows, crossed: Matrix, best: Indices, outcome: Indices, policy: Policy
) -> dict[str, Threshold]:
    """One for each label; that of the label out of scope is on the third outcome."""
    outside = rows.truth == rows.outside
    families = np.unique(rows.families, return_inverse=True)[1]
    weight = float(live_weights(outside, policy.out_of_scope_share)[outside][:1].sum()) or 1.0
    found = {}
    for number, label in enumerate(rows.labels):
        refusing = number == rows.outside
        mine = np.ones(len(rows), dtype=bool) if refusing else best == number
        right = rows.accepted[:, rows.outside] if refusing else outcome == 0
        turns = threshold.Turns(
            score=np.clip(crossed[mine, 2 if refusing else 0], 0.0, 1.0),
            right=right[mine],
            out_of_scope=outside[mine],
            family=families[mine],
        )
        terms = threshold.Terms(policy.target(label), weight, policy.confidence)
        found[label] = _kept(threshold.fit(turns, terms))
    return found


def _kept(found: threshold.Fitted) -> Threshold:
    return Threshold(
        least=found.least,
        error_target=round(found.error_target, 4),
        answered=found.answered,
        bound=None if found.bound is None else round(found.bound, 4),
        why=found.why,
    )


def _figures(
    rows: Rows, held: HeldOut, heat: float, crossed: Matrix, outcome: Indices
) -> dict[str, float]:
    truth, outside = rows.truth, rows.truth == rows.outside
    winner = held.served.argmax(axis=1)
    right = outcome == 0
    final: Reals = crossed[:, 0]
    figures = {
        "accuracy": float((winner == truth).mean()),
        "accepted": float(rows.accepted[np.arange(len(rows)), winner].mean()),
        "macro_f1": metrics.macro_f1(held.served, truth),
        "score_ece": metrics.calibration_gap(final, right),
        "score_auroc": _auroc(final, right),
        "oos_auroc": _auroc(crossed[:, 2], outside),
        "coverage_at_0.95": metrics.coverage_at_precision(final, right, 0.95),
        "int8_agreement": float((winner == held.plain.argmax(axis=1)).mean()),
    }
    return {name: round(value, 4) for name, value in figures.items() if value == value}


def _auroc(scores: Reals, positive: Flags) -> float:
    """Not a number where all rows are of one kind: on little data every answer may be right."""
    one_kind = positive.all() or not positive.any()
    return float("nan") if one_kind else metrics.auroc(scores, positive)
