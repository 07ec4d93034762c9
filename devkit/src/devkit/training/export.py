"""From a trained torch network to int8 ONNX."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from classifier.manifest import NETWORK, TOKENIZER
from devkit.training.fold import Base
from devkit.training.network import Classifier, Served

OPSET = 18


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


def to_int8(source: Path, target: Path) -> None:
    """Quantise the encoder's weights to int8 and its activations at run time; the head stays.

    Weights use 7 of their 8 bits: without VNNI, AVX2 adds pairs of products in 16 bits, and full
    8-bit weights could overflow there, so that one file would answer differently on two machines.
    """
    graph = onnx.load(source)
    strip(graph)
    with TemporaryDirectory() as folder:
        prepared = Path(folder) / NETWORK
        onnx.save(graph, prepared)
        quantize_dynamic(
            prepared,
            target,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            nodes_to_exclude=_after_pooling(graph),
        )
    # The quantiser writes shapes down too; without them the runtime fuses more, a tenth faster.
    graph = onnx.load(target)
    strip(graph)
    onnx.save(graph, target)


def strip(model: onnx.ModelProto) -> None:
    """Remove what the exporter notes beside the computation, in place.

    Its stack traces name paths of the machine that trained. The quantiser trips over its shapes,
    because it transposes weights.
    """
    graph = model.graph
    del graph.value_info[:]
    for part in (model, graph, *graph.node, *graph.initializer, *graph.input, *graph.output):
        del part.metadata_props[:]
    for node in graph.node:
        node.doc_string = ""


def write(network: Classifier, base: Base, folder: Path) -> None:
    """Write the int8 network and its tokenizer into `folder`, the fp32 one into `folder`/fp32."""
    plain = folder / "fp32"
    plain.mkdir(parents=True, exist_ok=True)
    to_onnx(network, plain / NETWORK)
    to_int8(plain / NETWORK, folder / NETWORK)
    for place in (folder, plain):
        shutil.copyfile(base.tokenizer, place / TOKENIZER)


def _after_pooling(model: onnx.ModelProto) -> list[str]:
    """The products that make logits and place: small, and a rounded one moves every answer."""
    makers = {output: node for node in model.graph.node for output in node.output}
    found: list[str] = []
    waiting = [output.name for output in model.graph.output]
    while waiting:
        node = makers.get(waiting.pop())
        if node is None or node.op_type in ("Concat", "ReduceMean"):
            continue
        if node.op_type in ("MatMul", "Gemm"):
            found.append(node.name)
        else:
            waiting.extend(node.input)
    return found
