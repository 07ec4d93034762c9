"""From a trained torch network to ONNX: exported as it is in fp32, and built anew in int8."""

import shutil
from pathlib import Path

import onnx
import torch

from classifier.manifest import NETWORK, TOKENIZER
from devkit.training import int8
from devkit.training.fold import Base
from devkit.training.network import Classifier, Served

OPSET = 18


def to_onnx(network: Classifier, path: Path) -> None:
    """Write fp32 ONNX: `input_ids` (1, tokens) → the four outputs of `Served`.

    One unpadded turn has nothing to mask, so that the mask is no input.
    """
    example = torch.randint(0, 1000, (1, 12), generator=torch.manual_seed(0))
    torch.onnx.export(
        Served(network).eval(),
        (),
        str(path),
        kwargs={"input_ids": example},
        input_names=["input_ids"],
        output_names=["logits", "place", "second", "parts"],
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


def write(network: Classifier, base: Base, folder: Path, *, plain: bool = True) -> None:
    """Write the int8 network and its tokenizer into `folder`; `plain`: fp32 into its fp32/ too."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(base.tokenizer, folder / TOKENIZER)
    if plain:
        (folder / "fp32").mkdir(exist_ok=True)
        to_onnx(network, folder / "fp32" / NETWORK)
        shutil.copyfile(base.tokenizer, folder / "fp32" / TOKENIZER)
    onnx.save(int8.build(network), folder / NETWORK)
