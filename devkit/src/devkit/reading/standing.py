"""Fits how a reader tells turns that stand by themselves: a playbook's single turns are such."""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from classifier.reading.seen import Seen
from classifier.reading.standing import Standing, of_words
from devkit.reading.scaling import scale
from devkit.route.router import Router
from devkit.training.corpus import Corpus, Row
from devkit.training.metrics import Matrix

CORPUS = "corpus"
"""The folder of a playbook with single turns."""
RATIO = 0.5
"""Turns that stand by themselves for each one of the sessions. As many as these would cost another
point there and win one behind strange histories; twice as many, two and two (ADR 0026)."""
MATTERS = 3
"""For how many labels out of scope counts."""
SEED = 7
STRENGTH = 1.0
"""Inverse, of the regularisation. At 0.1 turns behind strange histories were right as often."""


@dataclass(frozen=True)
class Singles:
    """Features (n, words) of turns that open a session."""

    found: Matrix


def singles_of(playbook: Path, leaning: int, outside: str) -> tuple[Row, ...]:
    """Turns of a playbook's corpus, those written by hand first; `leaning` are those of sessions.

    Of all labels alike, but of `outside`, which is many matters. None where there is no corpus.
    Raises CorpusError.
    """
    folder = playbook / CORPUS
    if not folder.is_dir():
        return ()
    by_label: dict[str, list[Row]] = defaultdict(list)
    for row in Corpus.read(folder).rows:
        if not row.history:
            by_label[row.label].append(row)
    parts = {label: MATTERS if label == outside else 1 for label in by_label}
    each, dice = RATIO * leaning / sum(parts.values()), random.Random(SEED)
    return tuple(
        row
        for label, rows in by_label.items()
        for row in _some(rows, round(each * parts[label]), dice)
    )


def _some(rows: Sequence[Row], most: int, dice: random.Random) -> list[Row]:
    shuffled = dice.sample(rows, k=len(rows))
    return sorted(shuffled, key=lambda row: bool(row.template))[:most]


def observed_alone(router: Router, rows: Sequence[Row], step: Callable[[], None]) -> Singles:
    """Ask the network about each."""
    found = []
    for row in rows:
        alone = router.posterior(row.text)
        found.append(of_words(alone, row.text, tuple(sorted(dict(alone.probabilities)))))
        step()
    return Singles(np.array(found, np.float32))


def fit_standing(leaning: Sequence[Seen], singles: Singles, labels: tuple[str, ...]) -> Standing:
    """Told apart from turns of sessions; without single turns none stands by itself."""
    words = np.array([of_words(one.alone, one.text, labels) for one in leaning], np.float32)
    if not len(singles.found):
        return Standing.never(words.shape[1])
    found = np.concatenate([words, singles.found])
    stands = np.arange(len(found)) >= len(words)
    center, spread = scale(found, len(leaning[0].alone.parts))
    model: Any = LogisticRegression(C=STRENGTH, max_iter=300, tol=1e-3)
    model.fit((found - center) / spread, stands)
    return Standing(center, spread, model.coef_[0], model.intercept_)
