"""How well the words of a new use case tell it from those that a playbook has."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from devkit.errors import environment_error
from devkit.rubric.embed import Embed

MOST_ROWS = 1500
PARTS = 4
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
    lines = file.read_text(encoding="utf-8").splitlines()
    return [str(json.loads(line)["text"]) for line in lines if line.strip()]


def separability(
    texts: Sequence[str], corpus: Sequence[tuple[str, str]], embed: Embed, seed: int
) -> Separability:
    """Cross-validated: a balanced logistic regression over all labels on frozen embeddings."""
    labels = np.array([NEW] * len(texts) + [label for _, label in corpus])
    features = embed([*texts, *(text for text, _ in corpus)])
    names = sorted(set(labels.tolist()))
    model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=200, tol=1e-2)
    parts = StratifiedKFold(PARTS, shuffle=True, random_state=seed)
    given = np.asarray(
        cross_val_predict(model, features, labels, cv=parts, method="predict_proba"), np.float64
    )
    guessed = np.array(names)[given.argmax(axis=1)]
    neighbours = [_neighbour(name, names, labels, given, guessed) for name in names[1:]]
    neighbours.sort(key=lambda one: (one.auroc - one.taken, one.name))
    return Separability(float(roc_auc_score(labels == NEW, given[:, 0])), tuple(neighbours))


def _neighbour(
    name: str,
    names: Sequence[str],
    labels: NDArray[np.str_],
    given: NDArray[np.float64],
    guessed: NDArray[np.str_],
) -> Neighbour:
    own, other = labels == NEW, labels == name
    both = own | other
    score = given[both, 0] / (given[both, 0] + given[both, names.index(name)])
    return Neighbour(
        name=name,
        auroc=float(roc_auc_score(own[both], score)),
        taken=float((guessed[own] == name).mean()),
        lost=float((guessed[other] == NEW).mean()),
    )
