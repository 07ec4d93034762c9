"""Fine-tuning on the CPU: small, seeded, the same on every run of one machine."""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from devkit.training.batches import Seen, shuffled
from devkit.training.fold import Base
from devkit.training.network import Batch, Classifier, Half


@dataclass(frozen=True)
class Recipe:
    """Settings of one fit.

    `epochs` at most; fewer where `passes`, the rows that all fits together may see, do not reach.
    `tuned` encoder layers from the top are trained. A `slip_share` of the rows have a variant with
    a slip of the fingers, which is seen in every other epoch or so. `places` is the width of a
    text's place. `threads` is torch's.
    """

    seed: int = 7
    epochs: int = 5
    passes: int = 170_000
    batch: int = 32
    rate: float = 3e-4
    head_rate: float = 2e-3
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
    for batch, truth, weights in _batches(rows, recipe, epochs):
        with torch.autocast("cpu", torch.bfloat16, enabled=halved()):
            logits = network.logits(network.pooled(batch))
        losses = torch.nn.functional.cross_entropy(logits.float(), truth, reduction="none")
        optimizer.zero_grad(set_to_none=True)
        ((losses * weights).sum() / weights.sum()).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        step()
    network.eval()
    return network


def start(base: Base, labels: int, recipe: Recipe) -> Classifier:
    """An untrained classifier, the same for the same seed."""
    torch.set_num_threads(recipe.threads)
    torch.manual_seed(recipe.seed)
    network = Classifier(base, labels, recipe.tuned, recipe.places)
    network.eval()
    return network


def halved() -> bool:
    """Whether this CPU multiplies bfloat16 itself: half as long; without it, far longer."""
    return bool(torch.cpu._is_avx512_bf16_supported())


def epochs_of(rows: int, recipe: Recipe) -> int:
    """How many epochs the budget of passes allows: one full fit, and all folds but one each."""
    return max(2, min(recipe.epochs, recipe.passes // (max(1, rows) * recipe.folds)))


def steps(rows: int, recipe: Recipe, epochs: int) -> int:
    """Number of batches of one fit."""
    return math.ceil(rows / recipe.batch) * epochs


def _batches(
    rows: Sequence[Seen], recipe: Recipe, epochs: int
) -> Iterator[tuple[Batch, Tensor, Tensor]]:
    dice = random.Random(recipe.seed)
    for _ in range(epochs):
        for part in shuffled(rows, recipe.batch, dice):
            yield (
                Batch.of([_one(row, dice) for row in part]),
                torch.tensor([row.label for row in part]),
                torch.tensor([row.weight for row in part]),
            )


def _one(row: Seen, dice: random.Random) -> Half:
    return dice.choice(row.halves)


def _optimizer(network: Classifier, recipe: Recipe) -> torch.optim.Optimizer:
    """Embeddings stay as they are: a small corpus would only move the words it happens to hold."""
    return torch.optim.AdamW(
        [
            {"params": network.upper(), "lr": recipe.rate},
            {"params": list(network.head.parameters()), "lr": recipe.head_rate},
        ],
        weight_decay=recipe.decay,
        fused=True,
    )


def _slope(total: int, warm_up: float) -> Callable[[int], float]:
    warm = max(1, round(total * warm_up))
    return lambda step: min((step + 1) / warm, max(0.0, (total - step) / max(1, total - warm)))
