"""Puts a logistic regression into a linear layer of a network."""

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression

from devkit.training.metrics import Matrix, Reals

NEVER = -30.0
"""The bias of a label without rows: it never wins."""


def implant(model: LogisticRegression, layer: torch.nn.Linear) -> None:
    """The layer's outputs become the regression's log-odds, `NEVER` for classes it has not seen."""
    weight, bias = rows_of(model)
    with torch.no_grad():
        layer.weight.zero_()
        layer.bias.fill_(NEVER)
        layer.weight[model.classes_] = torch.tensor(weight, dtype=torch.float32)
        layer.bias[model.classes_] = torch.tensor(bias, dtype=torch.float32)


def rows_of(model: LogisticRegression) -> tuple[Matrix, Reals]:
    """A row of weights and a bias for each class.

    Of two classes scikit-learn keeps one row: the other's is its negative, halved.
    """
    if len(model.classes_) > 2:
        return model.coef_, model.intercept_
    return (
        np.vstack([-model.coef_ / 2, model.coef_ / 2]),
        np.concatenate([-model.intercept_ / 2, model.intercept_ / 2]),
    )
