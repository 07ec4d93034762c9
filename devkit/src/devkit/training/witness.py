"""A second opinion that tuning did not bend: a regression on the encoder's sentences as they came.

A fine-tuned network can be sure of what it has never seen anything like. The control that is to be
beaten, a logistic regression on untuned embeddings, errs on other turns. So the network carries it
along, reading the echo, and the final score hears both.
"""

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from devkit.training.implant import implant
from devkit.training.network import Classifier

REGULAR = 10.0
"""The inverse strength of the regularisation: that of the control, untuned."""

Vectors = NDArray[np.float32]


def regression(sentences: Vectors, truth: NDArray[np.int64]) -> LogisticRegression:
    """A multinomial logistic regression on unit sentence vectors (n, dim)."""
    return LogisticRegression(C=REGULAR, max_iter=300, tol=1e-3).fit(sentences, truth)


def teach(network: Classifier, sentences: Vectors, truth: NDArray[np.int64]) -> None:
    """Fit on untuned sentences and put it into the network."""
    implant(regression(sentences, truth), network.witness)
