"""The control that training must beat: the encoder as it came, a logistic regression on top."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from torch import Tensor

from devkit.training.finetune import Recipe, start
from devkit.training.fold import Base
from devkit.training.halved import halved
from devkit.training.implant import implant
from devkit.training.network import SCALE, Batch, Classifier, Half

PART = 128

REGULAR = 3.0
"""The inverse strength of the regularisation: best of 3, 10, 30, 100 out of fold."""


def pooled(network: Classifier, halves: Sequence[Half]) -> Tensor:
    """The pooled parts (n, (layers + 2) · dim) of many texts, in their order."""
    order = sorted(range(len(halves)), key=lambda number: len(halves[number].states))
    found: list[Tensor] = [torch.empty(0)] * len(halves)
    with torch.no_grad(), halved():
        for begin in range(0, len(order), PART):
            numbers = order[begin : begin + PART]
            made = network.pooled(Batch.of([halves[number] for number in numbers]))
            for number, row in zip(numbers, made, strict=True):
                found[number] = row.float()
    return torch.stack(found)


def sentences(pooled: Tensor, dim: int) -> NDArray[np.float32]:
    """The encoder's own sentence embedding (n, dim): the unit mean of its last layer's states.

    It is the last part but one of the pooled ones.
    """
    return np.asarray(pooled[:, -2 * dim : -dim].numpy())


def regression(
    features: NDArray[np.float32], truth: NDArray[np.int64], weights: NDArray[np.float64]
) -> LogisticRegression:
    """A multinomial logistic regression on pooled features."""
    model = LogisticRegression(C=REGULAR, max_iter=100, tol=1e-3)
    model.fit(features, truth, sample_weight=weights)
    return model


def fit(
    base: Base,
    features: NDArray[np.float32],
    truth: NDArray[np.int64],
    weights: NDArray[np.float64],
    labels: int,
    recipe: Recipe,
) -> Classifier:
    """The untuned network with the regression as its head; a label without rows never wins."""
    model = regression(features * SCALE, truth, weights)
    network = start(base, labels, recipe)
    implant(model, network.head)
    return network
