"""The served network in int8: a small graph of ONNX Runtime's fused operators.

Built from the torch network's tensors, not from its exported graph: one product for query, key and
value, one operator for attention. A few channels of the layer norms are ten times as loud as the
others, and GELU's peaks sit in few tokens; so weights and activations get a scale for every `SPAN`
inputs of every row, which keeps them from taking all steps. Figures in ADR 0022.
"""

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from transformers.models.distilbert.modeling_distilbert import TransformerBlock

from devkit.training.network import SCALE, Classifier

Array = NDArray[np.float32]
Steps = NDArray[np.int8]

FUSED = "com.microsoft"
OPSET, IR = 18, 10
SPAN = 64
"""Inputs that share a scale. With 32 a turn takes a tenth longer; with 128 a tenth less, and logits
are a third further from fp32 (ADR 0022)."""
TOP, MIDDLE = 127, 128
"""Whole steps of one sign, and the byte that stands for zero."""


class Graph:
    """Nodes and constants, in the order they were added."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, value: object, kind: type[np.generic] = np.float32) -> str:
        """Name of a constant."""
        name = f"c{len(self.constants)}"
        array = np.array(value, dtype=kind, order="C")
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def add(self, kind: str, *inputs: str, to: str = "", domain: str = "", **more: object) -> str:
        """Name of a node's output; `to` names it."""
        output = to or f"t{len(self.nodes)}"
        node = helper.make_node(kind, list(inputs), [output], domain=domain, **more)
        node.name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(node)
        return output

    def cast(self, value: str) -> str:
        """As float32; apart, because `to` means something else in `add`."""
        output = f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node("Cast", [value], [output], to=TensorProto.FLOAT))
        return output

    def thirds(self, value: str) -> tuple[str, str, str]:
        """The last axis in three parts."""
        a, b, c = (f"t{len(self.nodes)}_{part}" for part in range(3))
        self.nodes.append(helper.make_node("Split", [value], [a, b, c], axis=-1, num_outputs=3))
        return a, b, c


def build(network: Classifier) -> onnx.ModelProto:
    """The graph in int8: `input_ids` (1, tokens) → the four outputs of `Served`.

    Encoder, word embeddings and echo are int8; head, axes and witness stay fp32.
    """
    graph = Graph()
    state = _embedded(graph, network)
    axis = graph.constant([1], np.int64)
    parts = [graph.add("ReduceMean", state, axis, keepdims=1)]
    for layer in network.distilbert.transformer.layer:
        state = _layer(graph, layer, state)
        parts.append(graph.add("ReduceMean", state, axis, keepdims=1))
    parts.append(graph.add("ReduceMax", state, axis, keepdims=1))
    _answers(graph, network, parts)
    return _model(graph, network)


def _model(graph: Graph, network: Classifier) -> onnx.ModelProto:
    tensor = helper.make_tensor_value_info
    labels, places = network.head.out_features, len(network.axes)
    made = helper.make_graph(
        graph.nodes,
        "network",
        [tensor("input_ids", TensorProto.INT64, [1, "tokens"])],
        [
            tensor("logits", TensorProto.FLOAT, [1, labels]),
            tensor("place", TensorProto.FLOAT, [1, places]),
            tensor("second", TensorProto.FLOAT, [1, labels]),
            tensor("parts", TensorProto.FLOAT, [1, network.head.in_features]),
        ],
        graph.constants,
    )
    domains = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
    return helper.make_model(made, opset_imports=domains, ir_version=IR)


def _embedded(graph: Graph, network: Classifier) -> str:
    found = network.distilbert.embeddings
    words, scale = whole(_array(found.word_embeddings.weight))
    picked = graph.add("Gather", graph.constant(words, np.int8), "input_ids")
    floats = graph.cast(picked)
    word = graph.add("Mul", floats, graph.add("Gather", graph.constant(scale), "input_ids"))
    tokens = graph.add("Shape", "input_ids", start=1, end=2)
    zero, one = graph.constant([0], np.int64), graph.constant([1], np.int64)
    places = graph.constant(_array(found.position_embeddings.weight)[None])
    place = graph.add("Slice", places, zero, tokens, one)
    return _norm(graph, graph.add("Add", word, place), found.LayerNorm)


def _layer(graph: Graph, layer: TransformerBlock, state: str) -> str:
    """One encoder layer."""
    parts = graph.thirds(_product(graph, state, *_three(layer)))
    heads = layer.attention.n_heads
    seen = graph.add("MultiHeadAttention", *parts, domain=FUSED, num_heads=heads)
    out = _product(graph, seen, *_linear(layer.attention.out_lin))
    state = _norm(graph, graph.add("Add", out, state), layer.sa_layer_norm)
    bent = graph.add("Gelu", _product(graph, state, *_linear(layer.ffn.lin1)), domain=FUSED)
    out = _product(graph, bent, *_linear(layer.ffn.lin2))
    return _norm(graph, graph.add("Add", out, state), layer.output_layer_norm)


def _product(graph: Graph, value: str, weight: Array, bias: Array) -> str:
    """A product of 8-bit blocks; weights (inputs, outputs). Zeros fill the last block."""
    inputs, outputs = weight.shape
    filled = np.pad(weight.T, ((0, 0), (0, -inputs % SPAN)))
    steps, scale = whole(filled.reshape(outputs, -1, SPAN))
    bytes_ = graph.constant(steps.astype(np.int16) + MIDDLE, np.uint8)
    made = (bytes_, graph.constant(scale.reshape(outputs, -1)), "", "", graph.constant(bias))
    sizes = {"K": inputs, "N": outputs, "bits": 8, "block_size": SPAN, "accuracy_level": 4}
    return graph.add("MatMulNBits", value, *made, domain=FUSED, **sizes)


def _answers(graph: Graph, network: Classifier, parts: list[str]) -> None:
    """Logits, place and second opinion from the pooled parts, each (1, 1, dim)."""
    units = graph.add("LpNormalization", graph.add("Concat", *parts, axis=1), axis=-1, p=2)
    pooled = graph.add("Reshape", units, graph.constant([1, -1], np.int64), to="parts")
    weight, bias = _array(network.head.weight) * SCALE, _array(network.head.bias)
    made = (graph.constant(weight), graph.constant(bias))
    graph.add("Gemm", pooled, *made, transB=1, to="logits")
    said = _product(graph, pooled, *_linear(network.echo))
    echo = graph.add("LpNormalization", said, axis=-1, p=2)
    axes = _array(network.axes)
    moved = (graph.constant(axes), graph.constant(-axes @ _array(network.center)))
    away = graph.add("Gemm", echo, *moved, transB=1)
    graph.add("LpNormalization", away, axis=-1, p=2, to="place")
    heard = (
        graph.constant(_array(network.witness.weight)),
        graph.constant(_array(network.witness.bias)),
    )
    graph.add("Gemm", echo, *heard, transB=1, to="second")


def _norm(graph: Graph, value: str, norm: nn.LayerNorm) -> str:
    """Not SkipLayerNormalization: on the CPU that one takes three times as long."""
    made = (graph.constant(_array(norm.weight)), graph.constant(_array(norm.bias)))
    return graph.add("LayerNormalization", value, *made, axis=-1, epsilon=norm.eps)


def whole(table: Array) -> tuple[Steps, Array]:
    """Steps of a table, and a scale for each of its last axis' rows (…, 1): steps times scale."""
    scale = np.maximum(np.abs(table).max(axis=-1, keepdims=True) / TOP, 1e-12)
    return np.rint(table / scale).astype(np.int8), scale.astype(np.float32)


def _three(layer: TransformerBlock) -> tuple[Array, Array]:
    """Query, key and value as one product."""
    attention = layer.attention
    made = [_linear(one) for one in (attention.q_lin, attention.k_lin, attention.v_lin)]
    return np.concatenate([one for one, _ in made], axis=1), np.concatenate([b for _, b in made])


def _linear(layer: nn.Linear) -> tuple[Array, Array]:
    return _array(layer.weight).T, _array(layer.bias)


def _array(tensor: Tensor) -> Array:
    return np.asarray(tensor.detach().numpy(), dtype=np.float32)
