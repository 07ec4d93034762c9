"""Training: the pure parts without torch; the network where torch is installed."""

import importlib.util
import json
import math
import random
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner

from classifier.manifest import Corpus as Source
from classifier.manifest import Golden, Manifest, Scoring, Threshold
from classifier.model import Found
from classifier.scoring import FEATURES
from devkit import classifier as command
from devkit.errors import DevkitError
from devkit.training import metrics, targets, temperature
from devkit.training.card import card
from devkit.training.error import CorpusError
from devkit.training.golden import COUNT, chosen, golden
from devkit.training.noise import slipped

PLAYBOOK = Path(__file__).parents[3] / "playbook"
LABELS = ("billing", "out_of_scope", "returns")


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


@pytest.mark.parametrize(("precision", "share"), [(1.0, 0.2), (0.75, 0.8), (0.6, 1.0), (0.99, 0.2)])
def test_coverage_answers_from_the_surest_down(precision: float, share: float) -> None:
    score = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    right = np.array([True, False, True, True, False])
    assert metrics.coverage_at_precision(score, right, precision) == pytest.approx(share)


def test_coverage_takes_equal_scores_together() -> None:
    score, right = np.array([0.9, 0.9]), np.array([True, False])
    assert metrics.coverage_at_precision(score, right, 0.95) == 0


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
    texts = [slipped("where is my order?", dice) for _ in range(400)]
    assert sum(text != "where is my order?" for text in texts) > 300
    assert all(abs(len(text) - 18) <= 1 for text in texts)
    assert slipped("hi", dice) == "hi"


def test_golden_texts_are_spread_over_the_labels() -> None:
    texts = [f"text {n}" for n in range(300)]
    labels = ["common"] * 270 + ["rare"] * 5 + ["other"] * 25
    picked = chosen(texts, labels)
    assert len(picked) == COUNT
    assert picked == chosen(texts, labels)
    assert sum(labels[texts.index(text)] == "rare" for text in picked) == 5
    (first, *_) = golden(_found, picked)
    assert first.second == (1.0, 2.0)
    assert first.logits == (float(len(first.text)), 0.1235) or first.logits[1] == 0.1234


def _found(text: str) -> Found:
    return Found(np.array([len(text), 0.12345]), np.zeros(2, np.float32), np.array([1.0, 2.0]))


def manifest(**changes: object) -> Manifest:
    width = len(FEATURES)
    scoring = Scoring(
        features=FEATURES,
        center=(0.0,) * width,
        spread=(1.0,) * width,
        weights=((0.0,) * width,) * 2,
        bias=(0.0, 0.0),
    )
    limits = dict.fromkeys(
        LABELS, Threshold(least=0.9, error_target=0.05, answered=70, bound=0.96, why="met")
    )
    made = Manifest(
        version="distilbert-0123",
        labels=LABELS,
        temperature=1.5,
        max_length=64,
        files={},
        scoring=scoring,
        thresholds=limits,
        out_of_scope_share=0.45,
        data=Source(sha256="abc", rows=10, families=3),
        training={"base": "some-encoder", "epochs": "5"},
        figures={"accuracy": 0.875},
        golden=(Golden(text="x", logits=(0.0, 1.0, 2.0), second=(0.0, 1.0, 2.0)),),
    )
    return made.model_copy(update=changes)


def test_the_card_tells_figures_and_thresholds() -> None:
    text = card(manifest())
    assert "distilbert-0123" in text
    assert "| accuracy | 0.875 |" in text
    assert "epochs 5" in text
    assert "| billing | 0.900 | 5.0% | 70 | 96.0% | met |" in text
    with pytest.raises(KeyError):
        card(manifest(figures={"unheard_of": 1.0}))


def test_the_card_says_where_rules_alone_decide() -> None:
    none = Threshold(least=None, error_target=0.02, answered=12, bound=None, why="12 turns")
    text = card(manifest(thresholds=dict.fromkeys(LABELS, none)))
    assert "| returns | rules only | 2.0% | 12 |  | 12 turns |" in text


def test_a_bar_in_a_label_ends_no_cell_of_the_card() -> None:
    met = manifest().thresholds["billing"]
    assert "| this \\| that | 0.900 |" in card(manifest(thresholds={"this | that": met}))


def test_labels_and_publishers_are_shown_as_they_are_written() -> None:
    met, console = manifest().thresholds["billing"], Console(width=120, file=StringIO())
    command._show(manifest(thresholds={"[/red] a": met}), console)
    assert isinstance(console.file, StringIO)
    assert "[/red] a" in console.file.getvalue()


def test_targets_come_from_the_playbook_beside_the_corpus() -> None:
    found = targets.targets_of(PLAYBOOK / "corpus", None)
    assert found is not None
    assert set(found) >= {"billing", "chitchat"}
    assert found["billing"] < found["chitchat"], "a wrong amount harms more than a wrong greeting"


def test_data_without_a_playbook_has_no_targets(tmp_path: Path) -> None:
    assert targets.targets_of(tmp_path / "data.jsonl", None) is None
    assert targets.background_of(tmp_path / "data.jsonl", None) == ()


def test_a_playbook_that_is_named_and_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no playbook, it has no shop\.yaml"):
        targets.targets_of(tmp_path / "data.jsonl", tmp_path)


@pytest.mark.parametrize("content", [b"", b"\n", b'{"text": "f\xfcr"}'])
def test_a_background_that_says_nothing_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "noise.jsonl").write_bytes(content)
    with pytest.raises(CorpusError, match=r"noise\.jsonl (has no rows|cannot be read)"):
        targets.background_of(tmp_path, tmp_path / "noise.jsonl")


def test_a_background_is_read_as_the_data_are(tmp_path: Path) -> None:
    file = tmp_path / "noise.jsonl"
    file.write_text('{"text": "far\u2028off"}\r\n', encoding="utf-8-sig")
    assert targets.background_of(tmp_path, file) == ("far\u2028off",)


@pytest.mark.parametrize(
    "bad", ["{}", "nothing", '{"text": ""}', '{"text": 3}', "[]", '{"text": "\\ud83d"}']
)
def test_a_broken_background_is_named(tmp_path: Path, bad: str) -> None:
    file = tmp_path / "noise.jsonl"
    file.write_text(json.dumps({"text": "the moon is far"}) + "\n" + bad + "\n")
    with pytest.raises(CorpusError, match=r"noise\.jsonl, line 2"):
        targets.background_of(tmp_path, file)


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
def test_padding_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text's halves beside a longer one give the logits that it gets alone, as served."""
    import torch

    from devkit.training import finetune, fold, frozen, halved, halves
    from devkit.training.network import Served

    monkeypatch.setattr(halved, "able", lambda: False)  # else the two differ by rounding
    base = fold.load(fold.DEFAULT_BASE)
    network = finetune.start(base, 3, finetune.Recipe())
    texts = ["hello", "where is my order, it has been two weeks and nothing came at all"]
    made = halves.halves(network, base, texts, 96, lambda _: None)
    tokenizer = halves.tokenizer_of(base, 96)
    tokenizer.no_padding()
    with torch.no_grad():
        together = network.logits(frozen.pooled(network, made))
        for row, text in zip(together, texts, strict=True):
            alone, *_ = Served(network)(torch.tensor([tokenizer.encode(text).ids]))
            assert torch.allclose(row, alone[0], atol=1e-5)


@needs_torch
def test_a_fit_repeats_itself_and_exports(tmp_path: Path) -> None:
    import torch

    from classifier.model import Network
    from devkit.training import export, finetune, fold, frozen, halves
    from devkit.training.batches import Seen

    base = fold.load(fold.DEFAULT_BASE)
    recipe = finetune.Recipe(batch=8, max_length=16)
    texts = [f"{word} {n}" for word in ("invoice", "broken book") for n in range(8)]
    network = finetune.start(base, 2, recipe)
    made = halves.halves(network, base, texts, 16, lambda _: None)
    before = frozen.sentences(frozen.pooled(network, made), base.config.dim)
    rows = [Seen([half], n // 8, 1.0, torch.from_numpy(before[n])) for n, half in enumerate(made)]
    count: list[int] = []
    one, two = (finetune.fit(base, rows, 2, recipe, 1, lambda: count.append(1)) for _ in range(2))
    assert len(count) == 2 * finetune.steps(len(rows), recipe, 1)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))
    export.write(one, base, tmp_path)
    served, plain = Network(tmp_path, 16), Network(tmp_path / "fp32", 16)
    for text in ("invoice", "my book came broken and I am not pleased at all"):
        assert math.isclose(abs(served.logits(text) - plain.logits(text)).max(), 0, abs_tol=0.3)


@needs_torch
def test_the_echo_keeps_to_the_untuned_encoder_where_it_is_asked_to() -> None:
    import torch

    from devkit.training import finetune, fold, frozen, halves
    from devkit.training.batches import Seen

    base = fold.load(fold.DEFAULT_BASE)
    recipe = finetune.Recipe(batch=8, max_length=16)
    texts = [f"{word} {n}" for word in ("invoice", "broken book") for n in range(8)]
    network = finetune.start(base, 2, recipe)
    made = halves.halves(network, base, texts, 16, lambda _: None)
    before = torch.from_numpy(frozen.sentences(frozen.pooled(network, made), base.config.dim))
    rows = [Seen([half], n // 8, 1.0, before[n]) for n, half in enumerate(made)]

    def likeness(faithful: float) -> float:
        asked = replace(recipe, faithful=faithful)
        one = finetune.fit(base, rows, 2, asked, 4, lambda: None)
        with torch.no_grad():
            echoes = one.sentences(frozen.pooled(one, made))
        return float((echoes * before).sum(dim=1).mean())

    assert likeness(2.0) > likeness(0.0) + 0.02


@needs_torch
def test_a_figure_of_two_kinds_is_left_out_where_there_is_one() -> None:
    from devkit.training import fitting

    assert math.isnan(fitting._auroc(np.array([0.1, 0.9]), np.array([True, True])))
    assert fitting._auroc(np.array([0.1, 0.9]), np.array([False, True])) == 1.0


@needs_torch
def test_no_row_out_of_scope_has_to_be_meant(tmp_path: Path) -> None:
    from devkit.training import pipeline

    said = {"a": ("where is it", "parcel late", "track box"), "b": ("pay", "refund me", "owed")}
    rows = [{"text": text, "label": label} for label, texts in said.items() for text in texts]
    (tmp_path / "data.jsonl").write_text("\n".join(map(json.dumps, rows)))
    job = pipeline.Job(tmp_path / "data.jsonl", tmp_path / "out", "no-base", "other")
    with pytest.raises(CorpusError, match=r"No row is out of scope \(label 'other'\).*--share 0"):
        pipeline.train(job, Console(file=StringIO()))
    meant = replace(job, policy=replace(job.policy, out_of_scope_share=0.0))
    with pytest.raises(DevkitError, match="The base 'no-base' has no"):
        pipeline.train(meant, Console(file=StringIO()))


@needs_torch
def test_where_nothing_can_be_written_is_told_before_the_training(tmp_path: Path) -> None:
    from devkit.training import pipeline

    (tmp_path / "out").write_text("a file")
    data = tmp_path / "data.jsonl"
    said = {"a": ("where is it", "parcel late", "track box"), "b": ("pay", "refund me", "owed")}
    rows = [{"text": text, "label": label} for label, texts in said.items() for text in texts]
    rows += [{"text": text, "label": "other"} for text in ("moon", "sing", "football")]
    data.write_text("\n".join(map(json.dumps, rows)))
    job = pipeline.Job(data, tmp_path / "out", "no-base", "other")
    with pytest.raises(DevkitError, match=r"--out: .* cannot be written to"):
        pipeline.train(job, Console(file=StringIO()))
