"""From a trained torch network to ONNX: exported as it is in fp32, and built anew in int8."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import onnx
import torch
from tokenizers import Tokenizer

from classifier.manifest import NETWORK, TOKENIZER
from devkit.training import int8
from devkit.training.fold import Base
from devkit.training.network import Classifier, Served
from devkit.training.rounding import grams

OPSET = 18
ENOUGH = 400
"""Texts by which weights are rounded."""
LONGEST = 128
"""Tokens of such a text at most."""


def to_onnx(network: Classifier, path: Path) -> None:
    """Write fp32 ONNX: `input_ids` (1, tokens) → `logits` (1, labels), `place` (1, places).

    One unpadded turn has nothing to mask, so that the mask is no input.
    """
    example = torch.randint(0, 1000, (1, 12), generator=torch.manual_seed(0))
    torch.onnx.export(
        Served(network).eval(),
        (),
        str(path),
        kwargs={"input_ids": example},
        input_names=["input_ids"],
        output_names=["logits", "place"],
        dynamic_shapes={"input_ids": {1: torch.export.Dim("tokens", min=2, max=512)}},
        opset_version=OPSET,
        dynamo=True,
        external_data=False,
        verbose=False,
    )
    graph = onnx.load(path)
    strip(graph)
    onnx.save(graph, path)


def strip(model: onnx.ModelProto) -> None:
    """Remove what the exporter notes beside the computation, in place.

    Its stack traces name paths of the machine that trained.
    """
    graph = model.graph
    del graph.value_info[:]
    for part in (model, graph, *graph.node, *graph.initializer, *graph.input, *graph.output):
        del part.metadata_props[:]
    for node in graph.node:
        node.doc_string = ""


def write(network: Classifier, base: Base, folder: Path, texts: Sequence[str] = ()) -> None:
    """Write the int8 network and its tokenizer into `folder`, the fp32 one into `folder`/fp32.

    `texts` should be like those to be served: the weights are rounded so that products over them
    change least. The first `ENOUGH` are used; without any, weights go to the nearest step.
    """
    plain = folder / "fp32"
    plain.mkdir(parents=True, exist_ok=True)
    to_onnx(network, plain / NETWORK)
    for place in (folder, plain):
        shutil.copyfile(base.tokenizer, place / TOKENIZER)
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    int8.build(network, folder / NETWORK, grams(network, tokenizer, texts[:ENOUGH]))
