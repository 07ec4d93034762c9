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
from devkit.training import export, finetune, frozen, places, temperature
from devkit.training.batches import Seen
from devkit.training.fold import Base
from devkit.training.metrics import Matrix
from devkit.training.network import Classifier, Half
from devkit.training.rows import Rows

Places = NDArray[np.float32]


@dataclass(frozen=True)
class Encoded:
    """Rows with what the frozen half makes of them, and of their slips; and the frozen pooled."""

    rows: Rows
    halves: Sequence[Sequence[Half]]
    pooled: Tensor

    def seen(self, numbers: Sequence[int]) -> list[Seen]:
        """Rows to learn from."""
        truth, weights = self.rows.truth, self.rows.weights
        return [Seen(self.halves[n], int(truth[n]), float(weights[n])) for n in numbers]

    def part(self, numbers: Sequence[int]) -> "Encoded":
        """Some of the rows."""
        taken = list(numbers)
        halves = [self.halves[number] for number in taken]
        return Encoded(self.rows.part(taken), halves, self.pooled[taken])

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
    """What int8 networks say of rows: logits (n, labels), places (n, width)."""

    logits: Matrix
    places: Places


def served(folder: Path, texts: Sequence[str], length: int) -> Served:
    """Ask an exported network about texts, one at a time, two at once."""
    network = Network(folder, length)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(network.find, texts))
    return Served(np.array([one.logits for one in found]), np.array([one.place for one in found]))


def exported(
    encoded: Encoded,
    network: Classifier,
    seen: Sequence[int],
    base: Base,
    folder: Path,
    *,
    plain: bool = True,
) -> None:
    """Turn the axes by the rows that were learnt from, and write the network; `plain`: fp32 too."""
    places.turn(network, frozen.pooled(network, encoded.firsts(seen)))
    texts = encoded.rows.texts
    export.write(network, base, folder, [texts[number] for number in seen], plain=plain)


@dataclass(frozen=True)
class HeldOut:
    """In the order of the rows: logits as served and before int8, and the final score's features.

    `features` (n, features) are at temperature 1; `at` makes them for another.
    """

    served: Matrix
    plain: Matrix
    likeness: Matrix
    outside: int

    def at(self, temperature: float) -> Matrix:
        """The features of every row at a temperature."""
        rows = []
        for logits, near in zip(self.served, self.likeness, strict=True):
            best = best_known(logits, self.outside)
            rows.append(features(logits / temperature, best, self.outside, Likeness(*near)))
        return np.array(rows)


def held_out(
    encoded: Encoded, found: Sequence[Fold], base: Base, length: int, step: finetune.Step
) -> HeldOut:
    """Export each fold's network as it would be served, and ask it about its held-out rows."""
    rows = encoded.rows
    shape = (len(rows), len(rows.labels))
    logits, plain, likeness = np.zeros(shape), np.zeros(shape), np.zeros((len(rows), 3))
    texts, truth = rows.texts, rows.truth
    for fold in found:
        with TemporaryDirectory() as name:
            folder = Path(name)
            exported(encoded, fold.network, fold.seen, base, folder, plain=False)
            said = served(folder, [texts[n] for n in fold.held], length)
            taught = served(folder, [texts[n] for n in fold.seen], length)
        known = Known(taught.places, truth[fold.seen])
        logits[fold.held], plain[fold.held] = said.logits, fold.logits
        likeness[fold.held] = _likeness(known, said.logits, said.places, rows.outside)
        step()
    return HeldOut(logits, plain, likeness, rows.outside)


def unserved(encoded: Encoded, found: Sequence[Fold]) -> HeldOut:
    """As `held_out`, without export and int8: for comparisons of ways to decide."""
    rows = encoded.rows
    shape = (len(rows), len(rows.labels))
    logits, likeness = np.zeros(shape), np.zeros((len(rows), 3))
    for fold in found:
        inner = encoded.part(fold.seen)
        answer = asked(fold.network, inner, encoded, fold.held)
        logits[fold.held], likeness[fold.held] = answer.served, answer.likeness
    return HeldOut(logits, logits, likeness, rows.outside)


def asked(
    network: Classifier, taught: Encoded, encoded: Encoded, numbers: Sequence[int]
) -> HeldOut:
    """What a torch network says of rows; `taught` are the rows it was trained on."""
    rows = taught.rows
    learnt = frozen.pooled(network, taught.firsts(range(len(rows))))
    places.turn(network, learnt)
    pooled = frozen.pooled(network, encoded.firsts(numbers))
    with torch.no_grad():
        known = Known(network.place(learnt).numpy(), rows.truth)
        logits = network.logits(pooled).double().numpy()
        where = network.place(pooled).numpy()
    return HeldOut(logits, logits, _likeness(known, logits, where, rows.outside), rows.outside)


def _likeness(known: Known, logits: Matrix, where: Places, outside: int) -> Matrix:
    found = []
    for row, place in zip(logits, where, strict=True):
        near = known.likeness(place, best_known(row, outside), outside)
        found.append((near.own, near.other, near.out))
    return np.array(found)
