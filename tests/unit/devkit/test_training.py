"""Training: the pure parts without torch; the folding of weights where torch is installed."""

import importlib.util
import json
import math
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from classifier.manifest import Corpus as Source
from classifier.manifest import Golden, Manifest
from devkit import classifier as command
from devkit.training import evaluate, metrics, temperature
from devkit.training.batches import shuffled
from devkit.training.card import card
from devkit.training.corpus import Corpus, CorpusError, Row
from devkit.training.golden import MUST, GoldenError, golden
from devkit.training.noise import noisy
from devkit.training.split import folds

CORPUS = Path(__file__).parents[3] / "playbook" / "corpus"
LABELS = ("billing", "out_of_scope", "returns")


def line(text: str, label: str = "billing", family: str = "billing/a/1") -> str:
    return json.dumps({"text": text, "label": label, "family": family}) + "\n"


def test_the_committed_corpus_is_large_and_speaks_of_nine_labels() -> None:
    corpus = Corpus.read(CORPUS)
    by_label = Counter(row.label for row in corpus.rows)
    assert len(by_label) == 9
    assert len(corpus.rows) >= 1_800
    assert by_label["out_of_scope"] >= 500
    assert min(by_label.values()) >= 150
    written = [row for row in corpus.rows if "/slot-" not in row.family]
    assert len(written) >= 900
    assert all(row.family.split("/")[0] == row.label for row in corpus.rows)


@pytest.mark.parametrize(
    ("second", "complaint"),
    [
        ("not json\n", "billing.jsonl, line 2"),
        (line(""), "billing.jsonl, line 2: text"),
        (line("x", label="returns"), "line 2: label 'returns' is not the file's name"),
        ('{"text": "x", "label": "billing"}\n', "line 2: family Field required"),
        (line("I WAS charged twice "), "occurs twice"),
    ],
)
def test_a_broken_row_is_named(tmp_path: Path, second: str, complaint: str) -> None:
    (tmp_path / "billing.jsonl").write_text(line("I was charged twice") + second)
    with pytest.raises(CorpusError, match=complaint):
        Corpus.read(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"holds no \.jsonl"):
        Corpus.read(tmp_path)


def test_the_hash_follows_the_text(tmp_path: Path) -> None:
    file = tmp_path / "billing.jsonl"
    file.write_text(line("one"))
    first = Corpus.read(tmp_path).sha256
    file.write_text(line("two"))
    assert Corpus.read(tmp_path).sha256 != first


def test_folds_keep_groups_whole_and_labels_even() -> None:
    corpus = Corpus.read(CORPUS)
    groups = [row.family for row in corpus.rows]
    labels = [row.label for row in corpus.rows]
    home = folds(groups, labels, 4)
    assert home == folds(groups, labels, 4)
    assert len(set(zip(groups, home, strict=True))) == corpus.families
    for label, total in Counter(labels).items():
        share = Counter(f for f, name in zip(home, labels, strict=True) if name == label)
        assert all(abs(share[f] - total / 4) <= 8 for f in range(4))


def test_one_fold_is_no_cross_validation() -> None:
    with pytest.raises(ValueError, match="two folds"):
        folds(["a"], ["x"], 1)


def test_metrics_on_a_case_worked_by_hand() -> None:
    probabilities = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.3, 0.7]])
    truth = np.array([0, 1, 1, 1])
    assert metrics.accuracy(probabilities, truth) == 0.75
    assert metrics.macro_f1(probabilities, truth) == pytest.approx((2 / 3 + 4 / 5) / 2)
    gaps = 0.1 + 0.6 + 0.2 + 0.3  # every row falls into a bin of its own
    assert metrics.expected_calibration_error(probabilities, truth) == pytest.approx(gaps / 4)


def test_auroc_counts_ties_half() -> None:
    scores = np.array([0.9, 0.5, 0.5, 0.1])
    positive = np.array([True, True, False, False])
    assert metrics.auroc(scores, positive) == pytest.approx(3.5 / 4)
    with pytest.raises(ValueError, match="both kinds"):
        metrics.auroc(scores, np.array([True] * 4))


def test_sure_but_wrong_looks_at_out_of_scope_rows_only() -> None:
    probabilities = np.array([[0.95, 0.05], [0.6, 0.4], [0.1, 0.9], [0.99, 0.01]])
    truth = np.array([1, 1, 1, 0])
    assert metrics.sure_but_wrong(probabilities, truth, 1, 0.9) == pytest.approx(1 / 3)


def test_the_temperature_that_made_the_labels_is_found() -> None:
    dice = np.random.default_rng(0)
    logits = dice.normal(size=(20_000, 4)) * 3
    cooled = np.exp(logits / 2.5)
    cooled /= cooled.sum(axis=1, keepdims=True)
    truth = np.array([dice.choice(4, p=row) for row in cooled], dtype=np.int64)
    assert temperature.fit(logits, truth) == pytest.approx(2.5, rel=0.05)


def test_hopeless_logits_get_the_hottest_temperature() -> None:
    logits = np.array([[5.0, -5.0], [5.0, -5.0]])
    assert temperature.fit(logits, np.array([0, 1])) == pytest.approx(temperature.HIGHEST, rel=0.01)


def test_noise_slips_one_finger_at_most() -> None:
    dice = random.Random(1)
    texts = [noisy("where is my order?", dice) for _ in range(400)]
    changed = [text for text in texts if text != "where is my order?"]
    assert 60 < len(changed) < 140
    assert all(abs(len(text) - 18) <= 1 for text in changed)
    assert noisy("hi", dice) == "hi"


def test_batches_hold_every_row_once() -> None:
    rows = [Row(text="x" * (n % 40 + 1), label="billing", family="f") for n in range(101)]
    parts = list(shuffled(rows, 8, random.Random(3)))
    assert sorted(len(row.text) for part in parts for row in part) == sorted(
        len(row.text) for row in rows
    )
    assert max(len(part) for part in parts) == 8
    assert parts != list(shuffled(rows, 8, random.Random(4)))


def test_figures_of_a_perfect_model() -> None:
    truth = np.array([0, 1, 2, 1])
    found = evaluate.figures(np.eye(3)[truth] * 20, truth, LABELS, 1.0)
    assert found["accuracy"] == found["macro_f1"] == found["oos_auroc"] == 1
    assert found["ece"] == pytest.approx(0, abs=1e-4)
    assert found["oos_answered_at_0.9"] == 0


def test_agreement_is_about_winners() -> None:
    one = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert evaluate.agreement(one, one * 3) == 1
    assert evaluate.agreement(one, one[::-1]) == 0


def test_transfer_leaves_out_what_the_corpus_knows(tmp_path: Path) -> None:
    file = tmp_path / "foreign.jsonl"
    file.write_text(line("Known") + line("charged") + line("wrong", label="returns"))
    always_billing = lambda _: np.array([1.0, 0.0, 0.0])  # noqa: E731
    found = evaluate.transfer(always_billing, file, LABELS, {"known"})
    assert found["transfer_rows"] == 2
    assert found["transfer_accuracy"] == 0.5


@pytest.mark.parametrize("row", ["{}\n", "nothing\n", line("x", label="cooking")])
def test_transfer_names_the_broken_line(tmp_path: Path, row: str) -> None:
    file = tmp_path / "foreign.jsonl"
    file.write_text(line("fine") + row)
    with pytest.raises(CorpusError, match=r"foreign\.jsonl, line 2"):
        evaluate.transfer(lambda _: np.zeros(3), file, LABELS, set())


def test_golden_refuses_a_model_that_misses_its_lines() -> None:
    labels = tuple(sorted(set(MUST.values())))
    right = {text: np.eye(len(labels))[labels.index(label)] for text, label in MUST.items()}
    assert [row.text for row in golden(right.__getitem__, labels)] == list(MUST)
    with pytest.raises(GoldenError, match=r"'hi there' is billing, not chitchat"):
        golden(lambda _: np.eye(len(labels))[0], labels)


def test_the_card_tells_the_figures() -> None:
    manifest = Manifest(
        version="distilbert-0123",
        labels=LABELS,
        temperature=1.5,
        max_length=64,
        files={},
        data=Source(sha256="abc", rows=10, families=3),
        training={"base": "some-encoder", "epochs": "5"},
        figures={"accuracy": 0.875},
        golden=(Golden(text="x", logits=(0.0, 1.0, 2.0)),),
    )
    text = card(manifest)
    assert "distilbert-0123" in text
    assert "| accuracy | 0.875 |" in text
    assert "epochs 5" in text
    with pytest.raises(KeyError):
        card(manifest.model_copy(update={"figures": {"unheard_of": 1.0}}))


def test_training_without_torch_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "NEEDED", ("a_package_nobody_has",))
    result = CliRunner().invoke(command.app, ["train"])
    assert result.exit_code == 2
    assert "uv sync --group train" in result.output
    assert "a_package_nobody_has" in result.output


needs_torch = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in command.NEEDED),
    reason="the extra 'train' is not installed",
)


@needs_torch
def test_the_folded_encoder_is_the_base() -> None:
    from transformers import BertModel

    from devkit.training import fold

    base = fold.load(fold.DEFAULT_BASE)
    bert = BertModel.from_pretrained(base.tokenizer.parent, attn_implementation="eager").eval()
    assert fold.difference(bert, base) <= 1e-5
    base.state["embeddings.position_embeddings.weight"][:, 0] += 0.1
    assert fold.difference(bert, base) > 1e-3


@needs_torch
def test_a_base_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    from devkit.training import fold

    with pytest.raises(fold.FoldError, match=r"no config\.json"):
        fold.load(str(tmp_path))


@needs_torch
def test_a_fit_repeats_itself_and_exports(tmp_path: Path) -> None:
    import torch

    from classifier.model import Network
    from devkit.training import export, finetune, fold

    base = fold.load(fold.DEFAULT_BASE)
    rows = [
        Row(text=f"{word} {n}", label=label, family="f")
        for label, word in (("billing", "invoice"), ("returns", "broken book"))
        for n in range(8)
    ]
    recipe = finetune.Recipe(epochs=1, batch=8, max_length=16)
    count: list[int] = []
    one, two = (
        finetune.fit(base, rows, ("billing", "returns"), recipe, lambda: count.append(1))
        for _ in range(2)
    )
    assert len(count) == 2 * finetune.steps(len(rows), recipe)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))
    export.write(one, base, tmp_path)
    served, plain = Network(tmp_path, 16), Network(tmp_path / "fp32", 16)
    for text in ("invoice", "my book came broken and I am not pleased at all"):
        assert math.isclose(abs(served.logits(text) - plain.logits(text)).max(), 0, abs_tol=0.2)
