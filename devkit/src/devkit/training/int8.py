"""The served network in int8: a small graph of ONNX Runtime's fused operators.

Built from the torch network's tensors, not from its exported graph: one product for query, key and
value, one operator for attention. What decides how exact int8 is are the activations, so that they
are prepared before they are rounded (`_normed`, `_gelu`); figures in ADR 0022.
"""

from collections.abc import Mapping

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from transformers.models.distilbert.modeling_distilbert import TransformerBlock

from devkit.training.network import SCALE, Classifier
from devkit.training.rounding import Gram, per_row, rounded

Array = NDArray[np.float32]
Grams = Mapping[str, NDArray[np.float64]]
"""Of the inputs of each product, by its name; see `devkit.training.rounding.grams`."""

FUSED = "com.microsoft"
OPSET, IR = 18, 10
FINE, SPAN = 3, 32
"""Layers, from the lowest, whose weights and activations get one scale for every 32 inputs: their
errors go through all others (ADR 0022)."""
LOUD = {"qkv": 0.5, "lin1": 0.7}
"""How much of a loud channel's surplus moves from the activation into the weights."""
GELU_ZERO, GELU_STEPS, GELU_LEAST = 32, 223, 1.2
"""GELU is never below -0.17: 32 of 255 steps suffice there while the maximum counts as >= 1.2."""


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


def build(network: Classifier, grams: Grams) -> onnx.ModelProto:
    """The graph in int8: `input_ids` (1, tokens) → the four outputs of `Served`.

    Encoder, word embeddings and echo are int8; head, axes and witness stay fp32. Without `grams`
    weights are rounded to the nearest step, with them so that the products change least.
    """
    graph = Graph()
    state = _embedded(graph, network)
    norm = network.distilbert.embeddings.LayerNorm
    axis = graph.constant([1], np.int64)
    parts = [graph.add("ReduceMean", state, axis, keepdims=1)]
    for number, layer in enumerate(network.distilbert.transformer.layer):
        if number < FINE:
            state = _fine_layer(graph, layer, state)
        else:
            state = _layer(graph, layer, state, norm, f"{number}.", grams)
        norm = layer.output_layer_norm
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
    words, scale = per_row(_array(found.word_embeddings.weight))
    picked = graph.add("Gather", graph.constant(words, np.int8), "input_ids")
    floats = graph.cast(picked)
    word = graph.add("Mul", floats, graph.add("Gather", graph.constant(scale), "input_ids"))
    tokens = graph.add("Shape", "input_ids", start=1, end=2)
    zero, one = graph.constant([0], np.int64), graph.constant([1], np.int64)
    places = graph.constant(_array(found.position_embeddings.weight)[None])
    place = graph.add("Slice", places, zero, tokens, one)
    return _norm(graph, graph.add("Add", word, place), found.LayerNorm)


def _layer(
    graph: Graph, layer: TransformerBlock, state: str, before: nn.LayerNorm, name: str, grams: Grams
) -> str:
    """One encoder layer; `before` is the layer norm that `state` comes from."""
    attention, ffn = layer.attention, layer.ffn
    weight, bias = _three(layer)
    loud = _loud(before, LOUD["qkv"])
    parts = graph.thirds(_normed(graph, state, loud, weight, bias, grams.get(f"{name}qkv")))
    seen = graph.add("MultiHeadAttention", *parts, domain=FUSED, num_heads=attention.n_heads)
    out = _plain(graph, seen, *_linear(attention.out_lin), grams.get(f"{name}out"))
    state = _norm(graph, graph.add("Add", out, state), layer.sa_layer_norm)
    loud = _loud(layer.sa_layer_norm, LOUD["lin1"])
    wide = _normed(graph, state, loud, *_linear(ffn.lin1), grams.get(f"{name}lin1"))
    bent = graph.add("Gelu", wide, domain=FUSED)
    out = _gelu(graph, bent, *_linear(ffn.lin2), grams.get(f"{name}lin2"))
    return _norm(graph, graph.add("Add", out, state), layer.output_layer_norm)


def _fine_layer(graph: Graph, layer: TransformerBlock, state: str) -> str:
    """One encoder layer whose products have a scale for every `SPAN` inputs."""
    parts = graph.thirds(_fine(graph, state, *_three(layer)))
    heads = layer.attention.n_heads
    seen = graph.add("MultiHeadAttention", *parts, domain=FUSED, num_heads=heads)
    out = _fine(graph, seen, *_linear(layer.attention.out_lin))
    state = _norm(graph, graph.add("Add", out, state), layer.sa_layer_norm)
    bent = graph.add("Gelu", _fine(graph, state, *_linear(layer.ffn.lin1)), domain=FUSED)
    out = _fine(graph, bent, *_linear(layer.ffn.lin2))
    return _norm(graph, graph.add("Add", out, state), layer.output_layer_norm)


def _fine(graph: Graph, value: str, weight: Array, bias: Array) -> str:
    """A product of 8-bit blocks; weights (inputs, outputs), inputs a multiple of `SPAN`."""
    inputs, outputs = weight.shape
    blocks = weight.T.reshape(outputs, -1, SPAN)
    scale = np.maximum(np.abs(blocks).max(axis=-1, keepdims=True) / 127, 1e-12)
    steps = graph.constant(np.rint(blocks / scale) + 128, np.uint8)
    made = (steps, graph.constant(scale.reshape(outputs, -1)))
    sizes = {"K": inputs, "N": outputs, "bits": 8, "block_size": SPAN, "accuracy_level": 4}
    product = graph.add("MatMulNBits", value, *made, domain=FUSED, **sizes)
    return graph.add("Add", product, graph.constant(bias))


def _plain(graph: Graph, value: str, weight: Array, bias: Array, gram: Gram) -> str:
    """A product whose activation gets one scale, found at run time."""
    steps, scale = rounded(weight, gram)
    made = (graph.constant(steps, np.int8), graph.constant(scale), "", graph.constant(bias))
    return graph.add("DynamicQuantizeMatMul", value, *made, domain=FUSED)


def _normed(graph: Graph, value: str, loud: Array, weight: Array, bias: Array, gram: Gram) -> str:
    """The same for a layer norm's output, after its loud channels were turned down.

    A few channels are ten times as loud as the others and would take all steps; what they lose, the
    weights gain, so that the product is the same.
    """
    quiet = graph.add("Mul", value, graph.constant(1 / loud))
    turned = None if gram is None else gram / np.outer(loud, loud)
    return _plain(graph, quiet, weight * loud[:, None], bias, turned)


def _gelu(graph: Graph, value: str, weight: Array, bias: Array, gram: Gram) -> str:
    """A product whose activation gets one scale for each token: GELU's peaks sit in few tokens."""
    steps, scale = rounded(weight, gram)
    peak = graph.add("ReduceMax", value, graph.constant([-1], np.int64), keepdims=1)
    peak = graph.add("Max", peak, graph.constant(GELU_LEAST))
    unit, zero = graph.constant(1 / GELU_STEPS), graph.constant(GELU_ZERO, np.uint8)
    whole = graph.add("QuantizeLinear", graph.add("Div", value, peak), unit, zero)
    made = (graph.constant(steps, np.int8), unit, graph.constant(scale), zero)
    product = graph.add("MatMulIntegerToFloat", whole, *made, domain=FUSED)
    return graph.add("Add", graph.add("Mul", product, peak), graph.constant(bias))


def _answers(graph: Graph, network: Classifier, parts: list[str]) -> None:
    """Logits, place and second opinion from the pooled parts, each (1, 1, dim)."""
    units = graph.add("LpNormalization", graph.add("Concat", *parts, axis=1), axis=-1, p=2)
    pooled = graph.add("Reshape", units, graph.constant([1, -1], np.int64), to="parts")
    weight, bias = _array(network.head.weight) * SCALE, _array(network.head.bias)
    made = (graph.constant(weight), graph.constant(bias))
    graph.add("Gemm", pooled, *made, transB=1, to="logits")
    said = _fine(graph, pooled, *_linear(network.echo))
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


def _loud(norm: nn.LayerNorm, share: float) -> Array:
    """By how much each channel of a layer norm's output is turned down: (dim,), at least 1."""
    reach = 3 * np.abs(_array(norm.weight)) + np.abs(_array(norm.bias))
    surplus = np.maximum(reach / np.median(reach), 1.0) ** share
    return np.asarray(surplus, dtype=np.float32)


def _three(layer: TransformerBlock) -> tuple[Array, Array]:
    """Query, key and value as one product."""
    attention = layer.attention
    made = [_linear(one) for one in (attention.q_lin, attention.k_lin, attention.v_lin)]
    return np.concatenate([one for one, _ in made], axis=1), np.concatenate([b for _, b in made])


def _linear(layer: nn.Linear) -> tuple[Array, Array]:
    return _array(layer.weight).T, _array(layer.bias)


def _array(tensor: Tensor) -> Array:
    return np.asarray(tensor.detach().numpy(), dtype=np.float32)
