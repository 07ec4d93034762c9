"""Fine-tuning on the CPU: small, seeded, the same on every run of one machine."""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

from devkit.training.batches import Seen, shuffled
from devkit.training.fold import Base
from devkit.training.halved import halved
from devkit.training.network import Batch, Classifier, Half


@dataclass(frozen=True)
class Recipe:
    """Settings of one fit.

    `epochs` at most; fewer where `passes`, the rows that all fits together may see, do not reach.
    `tuned` encoder layers from the top are trained. A `slip_share` of the rows have a variant with
    a slip of the fingers, which is seen in every other epoch or so. `places` is the width of a
    text's place. `faithful` weighs the echo's distance from the untuned sentence embedding against
    the labels' loss: of 0.5 and 2, the latter kept a cosine of 0.97 to unseen texts' instead of
    0.94, with labels as good. `threads` is torch's.
    """

    seed: int = 7
    epochs: int = 5
    passes: int = 180_000
    batch: int = 32
    rate: float = 3e-4
    head_rate: float = 2e-3
    echo_rate: float = 3e-4
    faithful: float = 2.0
    warm_up: float = 0.1
    decay: float = 0.01
    tuned: int = 3
    slip_share: float = 0.4
    places: int = 96
    folds: int = 3
    max_length: int = 96
    threads: int = 2


Step = Callable[[], None]


def fit(
    base: Base, rows: Sequence[Seen], labels: int, recipe: Recipe, epochs: int, step: Step
) -> Classifier:
    """Train a classifier on `rows`; `step` is called after every batch (see `steps`)."""
    network = start(base, labels, recipe)
    network.train()
    optimizer = _optimizer(network, recipe)
    total = steps(len(rows), recipe, epochs)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, _slope(total, recipe.warm_up))
    for batch, aim in _batches(rows, recipe, epochs):
        optimizer.zero_grad(set_to_none=True)
        _loss(network, batch, aim, recipe.faithful).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        step()
    network.eval()
    return network


@dataclass(frozen=True)
class Aim:
    """What a batch should come to: labels (n,), weights (n,), untuned sentences (n, dim)."""

    truth: Tensor
    weights: Tensor
    sentences: Tensor

    @classmethod
    def of(cls, rows: Sequence[Seen]) -> Self:
        """As the rows say."""
        return cls(
            torch.tensor([row.label for row in rows]),
            torch.tensor([row.weight for row in rows]),
            torch.stack([row.sentence for row in rows]),
        )


def _loss(network: Classifier, batch: Batch, aim: Aim, faithful: float) -> Tensor:
    """Cross-entropy in nats, weighted by row, and `faithful` times one less the echo's cosine."""
    with halved():
        pooled = network.pooled(batch)
        logits, echo = network.logits(pooled), network.sentences(pooled)
    losses = torch.nn.functional.cross_entropy(logits.float(), aim.truth, reduction="none")
    away = 1 - (echo.float() * aim.sentences).sum(dim=-1)
    return (losses * aim.weights).sum() / aim.weights.sum() + faithful * away.mean()


def start(base: Base, labels: int, recipe: Recipe) -> Classifier:
    """An untrained classifier, the same for the same seed."""
    torch.set_num_threads(recipe.threads)
    torch.manual_seed(recipe.seed)
    network = Classifier(base, labels, recipe.tuned, recipe.places)
    network.eval()
    return network


def epochs_of(rows: int, recipe: Recipe) -> int:
    """How many epochs the budget of passes allows: one full fit, and all folds but one each."""
    return max(2, min(recipe.epochs, recipe.passes // (max(1, rows) * recipe.folds)))


def steps(rows: int, recipe: Recipe, epochs: int) -> int:
    """Number of batches of one fit."""
    return math.ceil(rows / recipe.batch) * epochs


def _batches(rows: Sequence[Seen], recipe: Recipe, epochs: int) -> Iterator[tuple[Batch, Aim]]:
    dice = random.Random(recipe.seed)
    for _ in range(epochs):
        for part in shuffled(rows, recipe.batch, dice):
            yield Batch.of([_one(row, dice) for row in part]), Aim.of(part)


def _one(row: Seen, dice: random.Random) -> Half:
    return dice.choice(row.halves)


def _optimizer(network: Classifier, recipe: Recipe) -> torch.optim.Optimizer:
    """Embeddings stay as they are: a small corpus would only move the words it happens to hold."""
    return torch.optim.AdamW(
        [
            {"params": network.upper(), "lr": recipe.rate},
            {"params": list(network.head.parameters()), "lr": recipe.head_rate},
            {"params": list(network.echo.parameters()), "lr": recipe.echo_rate},
        ],
        weight_decay=recipe.decay,
        fused=True,
    )


def _slope(total: int, warm_up: float) -> Callable[[int], float]:
    warm = max(1, round(total * warm_up))
    return lambda step: min((step + 1) / warm, max(0.0, (total - step) / max(1, total - warm)))
