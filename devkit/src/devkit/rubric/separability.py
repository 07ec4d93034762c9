"""How well the words of a new use case tell it from those that a playbook has."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

from devkit.errors import environment_error
from devkit.rubric.embed import Embed
from devkit.rubric.predictor import Reals

MOST_ROWS = 1200
PARTS = 4
STIFF = 3.0
"""The ridge, for vectors of length 1."""
NEW = ""
"""The label of the new use case: sorts before all others."""


@dataclass(frozen=True)
class Neighbour:
    """An existing use case: AUROC of new against its rows, and which share is taken for the other.

    `taken` is the share of the new utterances that would go to it, `lost` the share of its own that
    would go to the new one.
    """

    name: str
    auroc: float
    taken: float
    lost: float


@dataclass(frozen=True)
class Separability:
    """AUROC of new against all rows, and the existing use cases, the most confusable first."""

    auroc: float
    neighbours: tuple[Neighbour, ...]

    @property
    def nearest(self) -> Neighbour:
        """The one that is hardest to tell apart."""
        return self.neighbours[0]


def read_corpus(folder: Path, without: str, seed: int) -> list[tuple[str, str]]:
    """(text, label) of up to MOST_ROWS rows, equally many of each label but `without`."""
    files = [file for file in sorted(folder.glob("*.jsonl")) if file.stem != without]
    if not files:
        raise environment_error(f"{folder} holds no .jsonl file to tell the new use case from.")
    draw = np.random.default_rng(seed)
    rows = []
    for file in files:
        texts = _texts(file)
        kept = draw.permutation(len(texts))[: MOST_ROWS // len(files)]
        rows += [(texts[number], file.stem) for number in sorted(kept.tolist())]
    return rows


def _texts(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8").split("\n")
    return [str(json.loads(line)["text"]) for line in lines if line.strip()]


def separability(
    texts: Sequence[str], corpus: Sequence[tuple[str, str]], embed: Embed, seed: int
) -> Separability:
    """Cross-validated: a balanced ridge regression to each label on frozen embeddings."""
    labels = np.array([NEW] * len(texts) + [label for _, label in corpus])
    features = np.asarray(embed([*texts, *(text for text, _ in corpus)]), np.float64)
    names, truth = np.unique(labels, return_inverse=True)
    given = np.zeros((len(labels), len(names)))
    for train, test in StratifiedKFold(PARTS, shuffle=True, random_state=seed).split(
        features, truth
    ):
        given[test] = _scores(features[train], truth[train], features[test], len(names))
    guessed = names[given.argmax(axis=1)]
    ordered = names.tolist()
    neighbours = [_neighbour(name, ordered, labels, given, guessed) for name in ordered[1:]]
    neighbours.sort(key=lambda one: (one.auroc - one.taken, one.name))
    others = given[:, 0] - given[:, 1:].max(axis=1)
    return Separability(float(roc_auc_score(labels == NEW, others)), tuple(neighbours))


def _scores(train: Reals, truth: NDArray[np.int64], test: Reals, count: int) -> Reals:
    """Least squares to 0 and 1 in closed form, each label weighing the same: it takes no time."""
    weights = (1 / np.bincount(truth, minlength=count))[truth] * len(truth) / count
    weighted = train * weights[:, None]
    square = weighted.T @ train + STIFF * np.eye(train.shape[1])
    return np.asarray(test @ np.linalg.solve(square, weighted.T @ np.eye(count)[truth]))


def _neighbour(
    name: str,
    names: Sequence[str],
    labels: NDArray[np.str_],
    given: NDArray[np.float64],
    guessed: NDArray[np.str_],
) -> Neighbour:
    own, other = labels == NEW, labels == name
    both = own | other
    score = given[both, 0] - given[both, names.index(name)]
    return Neighbour(
        name=name,
        auroc=float(roc_auc_score(own[both], score)),
        taken=float((guessed[own] == name).mean()),
        lost=float((guessed[other] == NEW).mean()),
    )
