"""The lower half of the encoder, run once for every text and its slips of the fingers."""

import random
from collections.abc import Callable, Sequence

import torch
from tokenizers import Tokenizer
from torch import Tensor

from devkit.training.fold import Base
from devkit.training.halved import halved
from devkit.training.network import Classifier, Half
from devkit.training.noise import slipped

PART = 64


def halves(
    network: Classifier, base: Base, texts: Sequence[str], length: int, step: Callable[[int], None]
) -> list[Half]:
    """One half per text, in their order; `step` is told how many more are done.

    `length` cuts a text, in tokens.
    """
    tokenizer = tokenizer_of(base, length)
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
    found: dict[int, Half] = {}
    for start in range(0, len(order), PART):
        numbers = order[start : start + PART]
        made = _some(network, tokenizer, [texts[number] for number in numbers])
        found.update(zip(numbers, made, strict=True))
        step(len(numbers))
    return [found[number] for number in range(len(texts))]


def variants(texts: Sequence[str], share: float, seed: int) -> list[list[str]]:
    """Each text as it is; a `share` of them also with a slip of the fingers."""
    dice = random.Random(seed)
    return [[text, slipped(text, dice)] if dice.random() < share else [text] for text in texts]


def tokenizer_of(base: Base, length: int) -> Tokenizer:
    """The base's tokenizer, set to pad a batch and to cut at `length` tokens."""
    tokenizer = Tokenizer.from_file(str(base.tokenizer))
    tokenizer.enable_padding()
    tokenizer.enable_truncation(length)
    return tokenizer


def _some(network: Classifier, tokenizer: Tokenizer, texts: Sequence[str]) -> list[Half]:
    encoded = tokenizer.encode_batch(list(texts))
    ids = torch.tensor([one.ids for one in encoded])
    mask = torch.tensor([one.attention_mask for one in encoded]).bool()
    with torch.no_grad(), halved():
        states, parts = network.lower(ids, mask)
    lengths = mask.sum(dim=1).tolist()
    return [
        Half(_own(states[row, :length]), _own(parts[row])) for row, length in enumerate(lengths)
    ]


def _own(part: Tensor) -> Tensor:
    """A copy in fp32: a view would keep the whole padded batch."""
    return part.to(torch.float32, copy=True)
