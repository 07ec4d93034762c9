"""Held-out answers for every row: each fold is answered by a network that never saw its groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from classifier.model import Network
from devkit.training import export, finetune, split
from devkit.training.corpus import Corpus
from devkit.training.evaluate import logits_of
from devkit.training.fold import Base
from devkit.training.metrics import Matrix


@dataclass(frozen=True)
class HeldOut:
    """Logits (n, labels) in the corpus's order: of the int8 networks as served, and before int8."""

    served: Matrix
    plain: Matrix


def run(
    base: Base,
    corpus: Corpus,
    recipe: finetune.Recipe,
    groups: Sequence[str],
    count: int,
    step: finetune.Step,
) -> HeldOut:
    """Train `count` networks, each without one fold of `groups`, and ask each about its fold."""
    home = split.folds(groups, [row.label for row in corpus.rows], count)
    shape = (len(corpus.rows), len(corpus.labels))
    served, plain = np.zeros(shape), np.zeros(shape)
    for fold in range(count):
        seen = [row for row, where in zip(corpus.rows, home, strict=True) if where != fold]
        held = [number for number, where in enumerate(home) if where == fold]
        texts = [corpus.rows[number].text for number in held]
        model = finetune.fit(base, seen, corpus.labels, recipe, step)
        with TemporaryDirectory() as name:
            folder = Path(name)
            export.write(model, base, folder)
            served[held] = logits_of(Network(folder, recipe.max_length).logits, texts)
            plain[held] = logits_of(Network(folder / "fp32", recipe.max_length).logits, texts)
    return HeldOut(served, plain)


def batches(corpus: Corpus, recipe: finetune.Recipe, groups: Sequence[str], count: int) -> int:
    """How many steps `run` will report."""
    home = split.folds(groups, [row.label for row in corpus.rows], count)
    return sum(finetune.steps(len(home) - home.count(fold), recipe) for fold in range(count))
