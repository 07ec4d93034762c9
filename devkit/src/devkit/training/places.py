"""The axes of a text's place: where the echoes of the training rows vary most."""

import torch
from torch import Tensor

from devkit.training.network import Classifier

MOST = 6_000
"""Rows looked at: more hardly turn the axes."""


def turn(network: Classifier, sentences: Tensor) -> None:
    """Set `center` and `axes` of a network to the principal components of echoes (n, dim).

    Fewer rows than axes leave the last axes at zero, where every text is alike.
    """
    some = sentences[:: max(1, len(sentences) // MOST)].double()
    center = some.mean(dim=0)
    scatter = (some - center).T @ (some - center)
    _, vectors = torch.linalg.eigh(scatter)
    count = min(len(network.axes), len(some), vectors.shape[1])
    with torch.no_grad():
        network.center.copy_(center)
        network.axes.zero_()
        network.axes[:count] = vectors[:, -count:].T.flip(0).float()
