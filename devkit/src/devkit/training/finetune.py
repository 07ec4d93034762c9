"""Fine-tuning on the CPU: small, seeded, the same on every run of one machine."""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from transformers import DistilBertForSequenceClassification

from devkit.training.batches import shuffled
from devkit.training.corpus import Row
from devkit.training.fold import Base
from devkit.training.noise import noisy


@dataclass(frozen=True)
class Recipe:
    """Settings of one fit. `threads` is torch's; `max_length` is in tokens."""

    seed: int = 7
    epochs: int = 5
    batch: int = 32
    rate: float = 3e-4
    head_rate: float = 1e-3
    warm_up: float = 0.1
    decay: float = 0.01
    smoothing: float = 0.0
    max_length: int = 96
    threads: int = 2


Step = Callable[[], None]


def fit(
    base: Base, rows: Sequence[Row], labels: Sequence[str], recipe: Recipe, step: Step
) -> DistilBertForSequenceClassification:
    """Train a classifier on `rows`; `step` is called after every batch (see `steps`)."""
    torch.set_num_threads(recipe.threads)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(recipe.seed)
    model = base.classifier(len(labels)).train()
    optimizer = _optimizer(model, recipe)
    total = steps(len(rows), recipe)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, _slope(total, recipe.warm_up))
    loss_of = torch.nn.CrossEntropyLoss(label_smoothing=recipe.smoothing)
    for ids, mask, truth in _batches(base, rows, labels, recipe):
        optimizer.zero_grad(set_to_none=True)
        loss_of(model(input_ids=ids, attention_mask=mask).logits, truth).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        step()
    return model.eval()


def steps(rows: int, recipe: Recipe) -> int:
    """Number of batches of one fit."""
    return math.ceil(rows / recipe.batch) * recipe.epochs


def tokenizer_of(base: Base, max_length: int) -> Tokenizer:
    """The base's tokenizer, set to pad a batch and to cut at `max_length` tokens."""
    tokenizer = Tokenizer.from_file(str(base.tokenizer))
    tokenizer.enable_padding()
    tokenizer.enable_truncation(max_length)
    return tokenizer


def _batches(
    base: Base, rows: Sequence[Row], labels: Sequence[str], recipe: Recipe
) -> Iterator[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    tokenizer = tokenizer_of(base, recipe.max_length)
    dice = random.Random(recipe.seed)
    index = {label: number for number, label in enumerate(labels)}
    for _ in range(recipe.epochs):
        for part in shuffled(rows, recipe.batch, dice):
            encoded = tokenizer.encode_batch([noisy(row.text, dice) for row in part])
            yield (
                torch.tensor([one.ids for one in encoded]),
                torch.tensor([one.attention_mask for one in encoded]),
                torch.tensor([index[row.label] for row in part]),
            )


def _optimizer(model: DistilBertForSequenceClassification, recipe: Recipe) -> torch.optim.Optimizer:
    """Embeddings stay as they are: a small corpus would only move the words it happens to hold."""
    model.distilbert.embeddings.requires_grad_(False)
    head = [p for name, p in model.named_parameters() if not name.startswith("distilbert.")]
    return torch.optim.AdamW(
        [
            {"params": list(model.distilbert.transformer.parameters()), "lr": recipe.rate},
            {"params": head, "lr": recipe.head_rate},
        ],
        weight_decay=recipe.decay,
        fused=True,
    )


def _slope(total: int, warm_up: float) -> Callable[[int], float]:
    warm = max(1, round(total * warm_up))
    return lambda step: min((step + 1) / warm, max(0.0, (total - step) / max(1, total - warm)))
