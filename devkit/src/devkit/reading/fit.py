"""Fits a reader, and judges it on writers that it has not read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from classifier.model import Posterior
from classifier.reading.reader import Reader
from classifier.reading.referent import Referent
from devkit.reading.observed import Observed, labels_of
from devkit.reading.scaling import scale
from devkit.reading.standing import Singles, fit_standing
from devkit.training.corpus import CorpusError
from devkit.training.implant import rows_of
from devkit.training.metrics import Flags

STRENGTHS = (0.3, 1.0, 3.0)
"""Inverse strengths of the regularisation that are tried; the likeliest on unread writers wins."""
UNSEEN = -20.0
"""The bias of a label that no turn had: about never."""
TURNS = 5
"""In so many turns are writers left out: each turn leaves out every fifth of them."""


@dataclass(frozen=True)
class Terms:
    """What a reader is fitted for: the model it reads, its labels, the strength, and turns that
    stand by themselves."""

    model: str
    labels: tuple[str, ...]
    outside: str
    strength: float
    singles: Singles


def fit(rows: Observed, terms: Terms, referents: Mapping[str, Referent]) -> Reader:
    """One reader from all rows."""
    every = np.ones(len(rows.rows), dtype=bool)
    return replace(_fit(rows, every, _truth(rows, terms.labels), terms), referents=referents)


def terms_of(rows: Observed, singles: Singles, model: str, step: Callable[[], None]) -> Terms:
    """The terms with the strength that makes unread writers' rows likeliest.

    `step` is called after every strength that was tried.

    Raises CorpusError for a label that the model does not have.
    """
    labels, outside = labels_of(rows.seen[0]), rows.seen[0].alone.outside
    if unknown := sorted({row.label for row in rows.rows} - set(labels)):
        raise CorpusError(f"The model has no label {', '.join(unknown)}. Train it first.")
    tried = [Terms(model, labels, outside, strength, singles) for strength in STRENGTHS]
    return max(tried, key=lambda terms: _likelihood(rows, terms, step))


def unread(rows: Observed, terms: Terms) -> list[Posterior]:
    """Each row's posterior by a reader that has read nothing of its writer."""
    truth = _truth(rows, terms.labels)
    turn = np.array([sorted(set(rows.writers)).index(one) % TURNS for one in rows.writers])
    found: dict[int, Posterior] = {}
    for number in sorted(set(turn.tolist())):
        held, kept = turn == number, turn != number
        reader = _fit(rows, kept, truth, terms)
        found |= {int(at): reader.posterior(rows.seen[at]) for at in np.flatnonzero(held)}
    return [found[number] for number in range(len(rows.rows))]


def _likelihood(rows: Observed, terms: Terms, step: Callable[[], None]) -> float:
    """Mean log-probability of the labels, in nats."""
    held = unread(rows, terms)
    step()
    given = [dict(one.probabilities)[row.label] for one, row in zip(held, rows.rows, strict=True)]
    return float(np.log(np.maximum(given, 1e-9)).mean())


def _truth(rows: Observed, labels: Sequence[str]) -> NDArray[np.int64]:
    return np.array([labels.index(row.label) for row in rows.rows], dtype=np.int64)


def _fit(rows: Observed, kept: Flags, truth: NDArray[np.int64], terms: Terms) -> Reader:
    found = rows.found[kept]
    center, spread = scale(found, 2 * len(rows.seen[0].alone.parts))
    model: Any = LogisticRegression(C=terms.strength, max_iter=300, tol=1e-3)
    model.fit((found - center) / spread, truth[kept])
    weights = np.zeros((len(terms.labels), found.shape[1]))
    bias = np.full(len(terms.labels), UNSEEN)
    weights[model.classes_], bias[model.classes_] = rows_of(model)
    leaning = [one for one, keep in zip(rows.seen, kept, strict=True) if keep]
    standing = fit_standing(leaning, terms.singles, terms.labels)
    own = (center, spread, weights, bias, standing)
    return Reader(terms.labels, terms.outside, terms.model, *own, {})
