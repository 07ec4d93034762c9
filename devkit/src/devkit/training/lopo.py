"""Leave one publisher out: what four ways of deciding can answer on data they have not seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

from classifier.scoring import softmax
from devkit.training import crossval, finetune, fitting, metrics, score, temperature, witness
from devkit.training.crossval import Encoded
from devkit.training.fold import Base
from devkit.training.metrics import Flags, Indices, Matrix, Reals
from devkit.training.publishers import Split
from devkit.training.rows import live_weights
from devkit.training.threshold import LIVE_OUT_OF_SCOPE

WAYS = ("softmax", "frozen", "tfidf", "ours")
PRECISION = 0.95


@dataclass(frozen=True)
class Answers:
    """Of each asked row: the best known label (index), and how sure one is of it."""

    best: Indices
    sure: Reals

    def right(self, encoded: Encoded, asked: Sequence[int]) -> Flags:
        """Whether answering would be right; never for a row out of scope."""
        return np.asarray(encoded.rows.accepted[list(asked), self.best])


def answers(
    base: Base, encoded: Encoded, recipe: finetune.Recipe, one: Split, step: finetune.Step
) -> dict[str, Answers]:
    """What each of the ways makes of the asked rows."""
    plain, ours = _tuned(base, encoded, recipe, one, step)
    return {
        "softmax": plain,
        "frozen": _frozen(encoded, one),
        "tfidf": _words(encoded, one),
        "ours": ours,
    }


def _tuned(
    base: Base, encoded: Encoded, recipe: finetune.Recipe, one: Split, step: finetune.Step
) -> tuple[Answers, Answers]:
    """One fine-tuned network, judged by its plain softmax and by the final score."""
    inner = encoded.part(one.taught)
    rows = inner.rows
    epochs = finetune.epochs_of(len(rows), recipe)
    fit = crossval.tuned(base, inner, recipe, epochs, step)
    home = rows.home(recipe.folds)
    held = crossval.unserved(inner, crossval.folds(inner, home, fit))
    heat = temperature.fit(held.served, rows.truth)
    best = fitting.best_known(held.served, rows.outside)
    outcome = score.outcomes(best, rows.accepted, rows.outside)
    weights = live_weights(rows.truth == rows.outside, LIVE_OUT_OF_SCOPE)
    scoring = score.fit(held.at(heat), outcome, weights)
    network = fit(range(len(rows)))
    asked = crossval.asked(network, inner, encoded, one.asked)
    known = fitting.best_known(asked.served, rows.outside)
    peak = softmax(asked.served / heat)[np.arange(len(known)), known]
    final = score.outcome_probabilities(scoring, asked.at(heat))[:, 0]
    return Answers(known, peak), Answers(known, final)


def _frozen(encoded: Encoded, one: Split) -> Answers:
    """Sentence embeddings as they came, logistic regression × likeness to the nearest known."""
    vectors = encoded.sentences
    taught, asked = vectors[one.taught], vectors[one.asked]
    truth = encoded.rows.truth[one.taught]
    model = witness.regression(taught, truth)
    found = _spread(model, model.predict_proba(asked), len(encoded.rows.labels))
    inside = taught[truth != encoded.rows.outside]
    nearest = (asked @ inside.T).max(axis=1)
    return _best(found, encoded.rows.outside, nearest)


def _words(encoded: Encoded, one: Split) -> Answers:
    texts = encoded.rows.texts
    words = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True),
    )
    model = make_pipeline(words, LogisticRegression(C=10.0, max_iter=300, tol=1e-3))
    model.fit([texts[n] for n in one.taught], encoded.rows.truth[one.taught])
    found = model.predict_proba([texts[n] for n in one.asked])
    spread = _spread(model[-1], found, len(encoded.rows.labels))
    return _best(spread, encoded.rows.outside, np.ones(len(found)))


def _spread(model: LogisticRegression, found: Matrix, labels: int) -> Matrix:
    """Probabilities in the order of all labels; 0 for those that were not taught."""
    everything = np.zeros((len(found), labels))
    everything[:, model.classes_] = found
    return everything


def _best(probabilities: Matrix, out: int, factor: Reals) -> Answers:
    known = probabilities.copy()
    known[:, out] = -1.0
    best = known.argmax(axis=1)
    return Answers(best, known[np.arange(len(best)), best] * factor)


Figure = Callable[[Reals, Flags, Flags], float]
"""Of how sure one is (n,), whether right (n,) and whether out of scope (n,)."""


def coverage(sure: Reals, right: Flags, out: Flags) -> float:
    """Share of all rows that can be answered at 95 % precision."""
    return metrics.coverage_at_precision(sure, right, PRECISION)


def separation(sure: Reals, right: Flags, out: Flags) -> float:
    """AUROC of being surer of a row in scope than of one out of scope."""
    return metrics.auroc(sure, ~out)


def differences(
    figure: Figure,
    ours: tuple[Reals, Flags],
    other: tuple[Reals, Flags],
    out: Flags,
    draws: int,
    seed: int,
) -> tuple[float, float, float]:
    """Ours less the other's: the figure, and its 95 % interval over resampled rows, paired."""
    dice = np.random.default_rng(seed)
    gaps = []
    for _ in range(draws):
        drawn = dice.integers(0, len(out), len(out))
        one = figure(ours[0][drawn], ours[1][drawn], out[drawn])
        gaps.append(one - figure(other[0][drawn], other[1][drawn], out[drawn]))
    low, high = np.percentile(gaps, [2.5, 97.5])
    point = figure(*ours, out) - figure(*other, out)
    return point, float(low), float(high)
