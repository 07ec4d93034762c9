"""The served model: the committed one, and what a damaged folder says."""

import json
import math
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier.manifest import Manifest, ModelError
from classifier.model import TOLERANCE, Model, Posterior
from classifier.scoring import Outcome, entropy_bits, softmax

FOLDER = Path(__file__).parents[3] / "playbook" / "classifier"


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.load(FOLDER)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "model"))


def edit(folder: Path, **changes: Any) -> None:
    file = folder / "model.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Where is my order #ABC123", "order_tracking"),
        ("and when does it arrive?", "order_tracking"),
        ("Tell me about Vinland Saga volume 12", "product_info"),
        ("I'm looking for something like Berserk but less violent", "recommendation"),
        ("Help me return this, my husband bought the wrong volume", "returns"),
        ("I was charged twice", "billing"),
        ("I want to talk to a human", "escalation"),
        ("how much is shipping to Canada", "faq_policy"),
        ("hi there", "chitchat"),
        ("what's the weather in Paris", "out_of_scope"),
    ],
)
def test_the_story_is_understood(model: Model, text: str, label: str) -> None:
    posterior = model.posterior(text)
    assert posterior.best == label
    assert posterior.probabilities[0][1] > 0.6
    assert posterior.entropy_bits < 2


@pytest.mark.parametrize("text", ["", " ", "\x00", "😀" * 50, "word " * 50_000, "本を返品したい"])
def test_any_text_gets_a_posterior(model: Model, text: str) -> None:
    posterior = model.posterior(text)
    values = [p for _, p in posterior.probabilities]
    assert sum(values) == pytest.approx(1)
    assert values == sorted(values, reverse=True)
    assert {label for label, _ in posterior.probabilities} == set(model.labels)
    assert posterior.score + posterior.rival + posterior.out_of_scope == pytest.approx(1)
    assert posterior.known != "out_of_scope"
    assert 0 <= posterior.entropy_bits <= math.log2(len(values))


def test_a_turn_is_answered_alike_whatever_came_before(model: Model) -> None:
    first = model.posterior("where is my order")
    model.posterior("tell me a long story about everything you know " * 20)
    assert model.posterior("where is my order") == first


def test_serving_imports_no_torch(model: Model) -> None:
    assert model.version.startswith("distilbert-")
    source = Path(sys.modules[Model.__module__].__file__ or "").read_text()
    assert "import torch" not in source
    assert "transformers" not in source


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "known.npz", "model.json"])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelError, match=rf"{name} is missing.*tierwise classifier train"):
        Model.load(copy)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "known.npz"])
def test_a_changed_file_is_named(copy: Path, name: str) -> None:
    with (copy / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(ModelError, match=rf"{name} is not the file"):
        Model.load(copy)


def test_an_unreadable_manifest_is_refused(copy: Path) -> None:
    (copy / "model.json").write_text("{")
    with pytest.raises(ModelError, match=r"model\.json cannot be used"):
        Model.load(copy)


def test_labels_must_match_the_network(copy: Path) -> None:
    written = json.loads((copy / "model.json").read_text())
    two = {name: written["thresholds"][name] for name in ("out_of_scope", "returns")}
    edit(copy, labels=list(two), thresholds=two, golden=[])
    with pytest.raises(ModelError, match="names 2 labels, the network has 15"):
        Model.load(copy)


@pytest.mark.parametrize(
    ("labels", "complaint"),
    [(["returns", "billing"], "'out_of_scope' is missing"), (["out_of_scope"] * 2, "twice")],
)
def test_labels_must_make_sense(copy: Path, labels: list[str], complaint: str) -> None:
    edit(copy, labels=labels, golden=[])
    with pytest.raises(ModelError, match=complaint):
        Model.load(copy)


def test_another_answer_to_a_golden_text_is_refused(copy: Path) -> None:
    golden = json.loads((copy / "model.json").read_text())["golden"]
    golden[3]["logits"] = golden[3]["logits"][1:] + golden[3]["logits"][:1]
    edit(copy, golden=golden)
    with pytest.raises(ModelError, match="answers differently here"):
        Model.load(copy)


def test_rounding_of_another_cpu_is_tolerated(copy: Path) -> None:
    golden = json.loads((copy / "model.json").read_text())["golden"]
    for row in golden:
        row["logits"] = [x + 0.02 * (-1) ** n for n, x in enumerate(row["logits"])]
    edit(copy, golden=golden)
    assert Model.load(copy).posterior("hi there").best == "chitchat"
    assert TOLERANCE == 0.05


def test_the_manifest_carries_golden_texts_and_figures() -> None:
    manifest = Manifest.read(FOLDER)
    assert len(manifest.golden) >= 20
    assert manifest.figures["accuracy"] > 0.8
    assert manifest.figures["int8_agreement"] > 0.95
    assert manifest.version in (FOLDER / "MODEL_CARD.md").read_text()


def test_a_posterior_is_sorted_and_measured() -> None:
    posterior = Posterior.of(
        ("a", "out_of_scope", "b"), np.array([0.25, 0.25, 0.5]), Outcome(0.6, 0.3, 0.1)
    )
    assert posterior.probabilities == (("b", 0.5), ("a", 0.25), ("out_of_scope", 0.25))
    assert posterior.entropy_bits == pytest.approx(1.5)
    assert (posterior.score, posterior.rival, posterior.out_of_scope) == (0.6, 0.3, 0.1)
    assert (posterior.best, posterior.known) == ("b", "b")


def test_softmax_and_entropy_at_the_edges() -> None:
    assert softmax(np.array([1e4, 0.0])).tolist() == [1.0, 0.0]
    assert entropy_bits(np.array([1.0, 0.0])) == 0
    assert entropy_bits(np.full(8, 1 / 8)) == pytest.approx(3)
