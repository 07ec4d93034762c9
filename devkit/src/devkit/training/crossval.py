"""Held-out answers for every row: each fold is answered by a network that never saw its groups."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from classifier.known import Known
from classifier.model import Network, best_known
from classifier.scoring import Likeness, features
from devkit.training import export, finetune, frozen, places, temperature, witness
from devkit.training.batches import Seen
from devkit.training.fold import Base
from devkit.training.metrics import Matrix
from devkit.training.network import Classifier, Half
from devkit.training.rows import Rows

Places = NDArray[np.float32]


@dataclass(frozen=True)
class Encoded:
    """Rows with what the frozen half makes of them, and of their slips; and the frozen pooled.

    `dim` is the encoder's width.
    """

    rows: Rows
    halves: Sequence[Sequence[Half]]
    pooled: Tensor
    dim: int

    def seen(self, numbers: Sequence[int]) -> list[Seen]:
        """Rows to learn from."""
        truth, weights = self.rows.truth, self.rows.weights
        before = torch.from_numpy(self.sentences)
        return [Seen(self.halves[n], int(truth[n]), float(weights[n]), before[n]) for n in numbers]

    @property
    def sentences(self) -> Places:
        """The sentence embeddings (n, dim) of the untuned encoder."""
        return frozen.sentences(self.pooled, self.dim)

    def part(self, numbers: Sequence[int]) -> "Encoded":
        """Some of the rows."""
        taken = list(numbers)
        halves = [self.halves[number] for number in taken]
        return Encoded(self.rows.part(taken), halves, self.pooled[taken], self.dim)

    def firsts(self, numbers: Sequence[int]) -> list[Half]:
        """The halves of the rows as written."""
        return [self.halves[number][0] for number in numbers]


Fit = Callable[[Sequence[int]], Classifier]
"""Trains a network on the rows of these numbers."""


def tuned(
    base: Base, encoded: Encoded, recipe: finetune.Recipe, epochs: int, step: finetune.Step
) -> Fit:
    """Fine-tunes the upper layers."""
    labels = len(encoded.rows.labels)
    return lambda numbers: finetune.fit(base, encoded.seen(numbers), labels, recipe, epochs, step)


def untuned(base: Base, encoded: Encoded, recipe: finetune.Recipe) -> Fit:
    """Leaves the encoder as it came."""
    truth, weights = encoded.rows.truth, encoded.rows.weights
    labels = len(encoded.rows.labels)

    def fit(numbers: Sequence[int]) -> Classifier:
        taken = list(numbers)
        pooled = encoded.pooled[taken].numpy()
        return frozen.fit(base, pooled, truth[taken], weights[taken], labels, recipe)

    return fit


@dataclass(frozen=True)
class Fold:
    """A network and the rows it has not seen, with its fp32 logits (held, labels) for them."""

    network: Classifier
    seen: list[int]
    held: list[int]
    logits: Matrix


def folds(encoded: Encoded, home: Sequence[int], fit: Fit, only: int | None = None) -> list[Fold]:
    """One network per fold of `home` (or for one of them), asked about the rows of its own fold."""
    found = []
    for fold in sorted(set(home)) if only is None else (only,):
        seen = [number for number, where in enumerate(home) if where != fold]
        held = [number for number, where in enumerate(home) if where == fold]
        network = fit(seen)
        with torch.no_grad():
            pooled = frozen.pooled(network, encoded.firsts(held))
            logits = network.logits(pooled).double().numpy()
        found.append(Fold(network, seen, held, logits))
    return found


def loss(fold: Fold, rows: Rows) -> float:
    """The fold's negative log-likelihood in nats, at its best temperature."""
    truth = rows.truth[fold.held]
    heat = temperature.fit(fold.logits, truth)
    return temperature.negative_log_likelihood(fold.logits, truth, heat)


@dataclass(frozen=True)
class Served:
    """What int8 networks say of rows: logits and second opinions (n, labels), places (n, width)."""

    logits: Matrix
    places: Places
    second: Matrix


def served(folder: Path, texts: Sequence[str], length: int) -> Served:
    """Ask an exported network about texts, one at a time, two at once."""
    network = Network(folder, length)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(network.find, texts))
    return Served(
        np.array([one.logits for one in found]),
        np.array([one.place for one in found]),
        np.array([one.second for one in found]),
    )


def exported(
    encoded: Encoded,
    network: Classifier,
    seen: Sequence[int],
    base: Base,
    folder: Path,
    *,
    plain: bool = True,
) -> Places:
    """Settle the network by the rows that were learnt from, and write it; `plain`: fp32 too.

    Returns the places of those rows, before int8, which moves them a little: asking for them again
    would take longer than the rest.
    """
    learnt = settle(network, encoded.part(seen))
    export.write(network, base, folder, plain=plain)
    return learnt


def settle(network: Classifier, taught: Encoded) -> Places:
    """Turn the axes and teach the witness by what was learnt; returns its places (n, places)."""
    with torch.no_grad():
        echoes = network.sentences(frozen.pooled(network, taught.firsts(range(len(taught.rows)))))
    places.turn(network, echoes)
    witness.teach(network, taught.sentences, taught.rows.truth)
    with torch.no_grad():
        return np.asarray(network.place(echoes).numpy())


@dataclass(frozen=True)
class HeldOut:
    """In the order of the rows: logits as served and before int8, likeness and second opinion.

    `likeness` is (n, 3), the others (n, labels). `at` makes the final score's features of them.
    """

    served: Matrix
    plain: Matrix
    likeness: Matrix
    second: Matrix
    outside: int

    def at(self, temperature: float) -> Matrix:
        """The features of every row at a temperature."""
        rows = []
        for logits, near, second in zip(self.served, self.likeness, self.second, strict=True):
            best, likeness = best_known(logits, self.outside), Likeness(*near)
            rows.append(features(logits / temperature, second, best, self.outside, likeness))
        return np.array(rows)


def held_out(
    encoded: Encoded, found: Sequence[Fold], base: Base, length: int, step: finetune.Step
) -> HeldOut:
    """Export each fold's network as it would be served, and ask it about its held-out rows."""
    rows = encoded.rows
    shape = (len(rows), len(rows.labels))
    logits, plain, second = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    likeness = np.zeros((len(rows), 3))
    texts, truth = rows.texts, rows.truth
    for fold in found:
        with TemporaryDirectory() as name:
            folder = Path(name)
            learnt = exported(encoded, fold.network, fold.seen, base, folder, plain=False)
            said = served(folder, [texts[n] for n in fold.held], length)
        known = Known(learnt, truth[fold.seen])
        logits[fold.held], plain[fold.held] = said.logits, fold.logits
        second[fold.held] = said.second
        likeness[fold.held] = _likeness(known, said.logits, said.places, rows.outside)
        step()
    return HeldOut(logits, plain, likeness, second, rows.outside)


def unserved(encoded: Encoded, found: Sequence[Fold]) -> HeldOut:
    """As `held_out`, without export and int8: for comparisons of ways to decide."""
    rows = encoded.rows
    shape = (len(rows), len(rows.labels))
    logits, second, likeness = np.zeros(shape), np.zeros(shape), np.zeros((len(rows), 3))
    for fold in found:
        inner = encoded.part(fold.seen)
        answer = asked(fold.network, inner, encoded, fold.held)
        logits[fold.held], likeness[fold.held] = answer.served, answer.likeness
        second[fold.held] = answer.second
    return HeldOut(logits, logits, likeness, second, rows.outside)


def asked(
    network: Classifier, taught: Encoded, encoded: Encoded, numbers: Sequence[int]
) -> HeldOut:
    """What a torch network says of rows; `taught` are the rows it was trained on."""
    rows = taught.rows
    known = Known(settle(network, taught), rows.truth)
    pooled = frozen.pooled(network, encoded.firsts(numbers))
    with torch.no_grad():
        logits = network.logits(pooled).double().numpy()
        sentences = network.sentences(pooled)
        second = network.second(sentences).double().numpy()
        near = _likeness(known, logits, network.place(sentences).numpy(), rows.outside)
    return HeldOut(logits, logits, near, second, rows.outside)


def _likeness(known: Known, logits: Matrix, where: Places, outside: int) -> Matrix:
    found = []
    for row, place in zip(logits, where, strict=True):
        near = known.likeness(place, best_known(row, outside), outside)
        found.append((near.own, near.other, near.out))
    return np.array(found)
