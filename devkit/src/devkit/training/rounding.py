"""Weights as whole steps: to the nearest, or so that a layer's products change least."""

from collections.abc import Callable, Iterable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from devkit.training.network import Classifier, Served

Array = NDArray[np.float32]
Steps = NDArray[np.int8]
Squares = NDArray[np.float64]
Gram = Squares | None
"""The sum of xᵀx over a layer's inputs x: (inputs, inputs). None where no inputs were seen."""

TOP = 63
"""Weights use 7 of their 8 bits: without VNNI, AVX2 adds pairs of products in 16 bits, and full
8-bit weights could overflow there, so that one file would answer differently on two machines."""
ROW_TOP = 127
BLOCK = 64
"""Rows rounded before the rest is told of their errors: one product instead of many."""
DAMPING = 0.01
"""Added to the Gram matrix's diagonal, as a share of its mean; GPTQ's own default."""


def per_row(table: Array) -> tuple[Steps, Array]:
    """Steps and scales (rows, 1) of a table whose rows are looked up, not multiplied."""
    scale = np.maximum(np.abs(table).max(axis=1, keepdims=True) / ROW_TOP, 1e-12)
    return np.rint(table / scale).astype(np.int8), scale.astype(np.float32)


def rounded(weight: Array, gram: Gram) -> tuple[Steps, Array]:
    """Steps (inputs, outputs) and scales (outputs,) of a weight (inputs, outputs).

    With a Gram matrix, row after row is rounded and its error made up for by the rows that follow
    (GPTQ; Frantar et al. 2022), so that the product with inputs like those seen changes least.
    """
    scale = np.maximum(np.abs(weight).max(axis=0) / TOP, 1e-12)
    if gram is None:
        return _whole(weight / scale), scale.astype(np.float32)
    left = weight.astype(np.float64)
    upper = _upper(gram)
    steps = np.zeros(weight.shape, dtype=np.int8)
    for start in range(0, len(left), BLOCK):
        rows = slice(start, min(start + BLOCK, len(left)))
        errors = _block(left[rows], upper[rows, rows], scale, steps[rows])
        left[rows.stop :] -= upper[rows, rows.stop :].T @ errors
    return steps, scale.astype(np.float32)


def _block(left: Squares, upper: Squares, scale: Array, steps: Steps) -> Squares:
    """Round some rows in place, each for those after it; the errors (rows, outputs) they leave."""
    errors = np.zeros_like(left)
    for row in range(len(left)):
        steps[row] = _whole(left[row] / scale)
        errors[row] = (left[row] - steps[row] * scale) / upper[row, row]
        left[row + 1 :] -= np.outer(upper[row, row + 1 :], errors[row])
    return errors


def grams(network: Classifier, batches: Iterable[Tensor]) -> dict[str, Squares]:
    """Gram matrices of the inputs of all products, by name (`0.qkv`, `0.out`, `0.lin1`, …).

    `batches` hold token numbers (n, tokens) of unpadded texts.
    """
    seen: dict[str, Tensor] = {}
    handles = [
        layer.register_forward_pre_hook(_watch(seen, name)) for name, layer in _products(network)
    ]
    served = Served(network).eval()
    with torch.no_grad():
        for batch in batches:
            served(batch)
    for handle in handles:
        handle.remove()
    return {name: one.double().numpy() for name, one in seen.items()}


def _products(network: Classifier) -> list[tuple[str, nn.Linear]]:
    return [
        (f"{number}.{name}", one)
        for number, layer in enumerate(network.distilbert.transformer.layer)
        for name, one in (
            ("qkv", layer.attention.q_lin),
            ("out", layer.attention.out_lin),
            ("lin1", layer.ffn.lin1),
            ("lin2", layer.ffn.lin2),
        )
    ]


def _watch(seen: dict[str, Tensor], name: str) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
    def look(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        rows = inputs[0].detach().flatten(0, -2)
        seen[name] = seen.get(name, torch.zeros(())) + rows.T @ rows

    return look


def _upper(gram: Squares) -> Squares:
    """The upper Cholesky factor of the damped matrix's inverse."""
    damped = torch.from_numpy(gram).clone()
    damped.diagonal().add_(DAMPING * damped.diagonal().mean())
    inverse = torch.cholesky_inverse(torch.linalg.cholesky(damped))
    return np.ascontiguousarray(torch.linalg.cholesky(inverse).T.numpy())


def _whole(values: NDArray[np.floating]) -> Steps:
    return np.asarray(np.clip(np.rint(values), -TOP, TOP), dtype=np.int8)
