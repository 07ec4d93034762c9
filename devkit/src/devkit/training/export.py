"""From a trained torch network to ONNX: exported as it is in fp32, and built anew in int8."""

import shutil
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import onnx
import torch
from tokenizers import Tokenizer
from torch import Tensor

from classifier.manifest import NETWORK, TOKENIZER
from devkit.training import int8
from devkit.training.fold import Base
from devkit.training.network import Classifier, Served
from devkit.training.rounding import grams

OPSET = 18
ENOUGH = 1600
"""Texts by which weights are rounded."""
TOGETHER = 32
"""Texts of one length that torch reads at once."""
LONGEST = 128
"""Tokens of such a text at most."""


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


def write(
    network: Classifier, base: Base, folder: Path, texts: Sequence[str] = (), *, plain: bool = True
) -> None:
    """Write the int8 network and its tokenizer into `folder`; if `plain`, fp32 into `folder`/fp32.

    `texts` should be like those to be served: by `ENOUGH` of them, spread evenly, weights are
    rounded so that products over them change least. Without any, they go to the nearest step.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(base.tokenizer, folder / TOKENIZER)
    if plain:
        (folder / "fp32").mkdir(exist_ok=True)
        to_onnx(network, folder / "fp32" / NETWORK)
        shutil.copyfile(base.tokenizer, folder / "fp32" / TOKENIZER)
    tokenizer = Tokenizer.from_file(str(base.tokenizer))
    model = int8.build(network, grams(network, alike(tokenizer, spread(texts, ENOUGH))))
    onnx.save(model, folder / NETWORK)


def spread(texts: Sequence[str], most: int) -> list[str]:
    """At most so many texts, from all over."""
    count = min(most, len(texts))
    return [texts[number * len(texts) // count] for number in range(count)]


def alike(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Tensor]:
    """Token numbers (n, tokens) of texts of one length each, so that nothing is padded."""
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    rows = sorted((one.ids for one in tokenizer.encode_batch(list(texts))), key=len)
    groups = [list(group) for _, group in groupby(rows, key=len)]
    return [
        torch.tensor(group[start : start + TOGETHER])
        for group in groups
        for start in range(0, len(group), TOGETHER)
    ]
