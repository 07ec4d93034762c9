"""The network that is trained: DistilBERT whose head reads every layer, not the last one alone.

A sentence's mean over its tokens, in each layer, and the maximum over them in the last: lower
layers keep the words, upper ones the meaning, and a small corpus needs both. The lower half of the
encoder stays as it came, so that its output is computed once for all epochs and folds.

Beside the labels the network learns to keep, from the same parts, the sentence embedding that the
encoder gave before it was tuned: its echo. Tuning draws what it has not seen towards the labels it
knows; the echo hardly moves, so that likeness to known utterances and a second opinion are taken
from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import DistilBertModel

from devkit.training.fold import Base

SCALE = 4.0
"""Pooled parts are unit vectors; times this, the head's logits reach a useful size early."""

FAR_BELOW = -1e4
"""Added where there is no token, before the maximum is taken."""


@dataclass(frozen=True)
class Half:
    """What the lower layers make of one text: states (tokens, dim), pooled parts (parts · dim)."""

    states: Tensor
    parts: Tensor


@dataclass(frozen=True)
class Batch:
    """Halves padded to one length: states (n, tokens, dim), mask (n, tokens), parts (n, …)."""

    states: Tensor
    mask: Tensor
    parts: Tensor

    @classmethod
    def of(cls, halves: Sequence[Half]) -> "Batch":
        """Pad with zeros on the right."""
        states = torch.nn.utils.rnn.pad_sequence([one.states for one in halves], batch_first=True)
        lengths = torch.tensor([len(one.states) for one in halves])
        mask = torch.arange(states.shape[1])[None] < lengths[:, None]
        return cls(states, mask, torch.stack([one.parts for one in halves]))


class Classifier(torch.nn.Module):
    """Encoder, head and echo; the axes of a text's place and the second opinion, both of the echo.

    `center` (dim,) and `axes` (places, dim) turn an echo into a place; `witness` is a regression
    fitted on untuned embeddings, and reads the echo.
    """

    center: Tensor
    axes: Tensor

    def __init__(self, base: Base, labels: int, tuned: int, places: int) -> None:
        super().__init__()
        self.distilbert = DistilBertModel(base.config)
        self.distilbert.load_state_dict(base.state, strict=True)
        self.split = base.config.n_layers - tuned
        width = (base.config.n_layers + 2) * base.config.dim
        self.head = torch.nn.Linear(width, labels)
        self.echo = torch.nn.Linear(width, base.config.dim)
        self.witness = torch.nn.Linear(base.config.dim, labels)
        self.register_buffer("center", torch.zeros(base.config.dim))
        self.register_buffer("axes", torch.zeros(places, base.config.dim))
        self._freeze()
        self._listen(base.config.dim)

    def upper(self) -> list[torch.nn.Parameter]:
        """The parameters of the encoder that are tuned."""
        layers = self.distilbert.transformer.layer[self.split :]
        return [one for layer in layers for one in layer.parameters()]

    def pooled(self, batch: Batch) -> Tensor:
        """The pooled parts of all layers: (n, (layers + 2) · dim), each part a unit vector."""
        states, parts = batch.states, [batch.parts]
        visible = _visible(batch.mask, states)
        for layer in self.distilbert.transformer.layer[self.split :]:
            states = layer(states, attention_mask=visible)
            parts.append(_mean(states, batch.mask))
        parts.append(_highest(states, batch.mask))
        return torch.cat(parts, dim=-1)

    def lower(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """States after the frozen layers, and the pooled parts up to there."""
        states = self.distilbert.embeddings(ids)
        parts = [_mean(states, mask)]
        visible = _visible(mask, states)
        for layer in self.distilbert.transformer.layer[: self.split]:
            states = layer(states, attention_mask=visible)
            parts.append(_mean(states, mask))
        return states, torch.cat(parts, dim=-1)

    def logits(self, pooled: Tensor) -> Tensor:
        """One logit per label."""
        return torch.as_tensor(self.head(pooled * SCALE))

    def sentences(self, pooled: Tensor) -> Tensor:
        """The echo of each text: (n, dim), unit vectors."""
        return _unit(self.echo(pooled))

    def second(self, sentences: Tensor) -> Tensor:
        """The second opinion: one logit per label."""
        return torch.as_tensor(self.witness(sentences))

    def place(self, sentences: Tensor) -> Tensor:
        """The unit vector of an echo along `axes`."""
        return _unit((sentences - self.center) @ self.axes.T)

    def _listen(self, dim: int) -> None:
        """Untuned, the echo is exact: it is the last part but one."""
        with torch.no_grad():
            self.echo.weight.zero_()
            self.echo.bias.zero_()
            self.echo.weight[:, -2 * dim : -dim] = torch.eye(dim)

    def _freeze(self) -> None:
        self.distilbert.requires_grad_(False)
        self.witness.requires_grad_(False)
        for one in self.upper():
            one.requires_grad_(True)


class Served(torch.nn.Module):
    """The network as it is exported: one unpadded text in.

    Out come logits, place, second opinion and the pooled parts, from which readers tell more.
    """

    def __init__(self, network: Classifier) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """(1, tokens) → logits (1, labels), place (1, places), second (1, labels), parts (1, …)."""
        network = self.network
        states = network.distilbert.embeddings(input_ids)
        parts = [_unit(states.mean(dim=1))]
        for layer in network.distilbert.transformer.layer:
            states = layer(states, attention_mask=None)
            parts.append(_unit(states.mean(dim=1)))
        parts.append(_unit(states.amax(dim=1)))
        pooled = torch.cat(parts, dim=-1)
        sentences = network.sentences(pooled)
        answers = network.logits(pooled), network.place(sentences), network.second(sentences)
        return *answers, pooled


def _visible(mask: Tensor, states: Tensor) -> Tensor:
    """What attention adds to its scores: nothing where there is a token. (n, 1, 1, tokens)"""
    return (~mask)[:, None, None, :].to(states.dtype) * FAR_BELOW


def _unit(vectors: Tensor) -> Tensor:
    return vectors / (vectors.square().sum(dim=-1, keepdim=True) + 1e-12).sqrt()


def _mean(states: Tensor, mask: Tensor) -> Tensor:
    weights = mask[..., None].to(states.dtype)
    return _unit((states * weights).sum(dim=1) / weights.sum(dim=1))


def _highest(states: Tensor, mask: Tensor) -> Tensor:
    hidden = (~mask)[..., None].to(states.dtype) * FAR_BELOW
    return _unit((states + hidden).amax(dim=1))
