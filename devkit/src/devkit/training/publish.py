"""Writes a trained model's manifest and card, loads it as a worker would, moves it into place."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import onnxruntime
import torch
import transformers

from classifier.manifest import FILES, MANIFEST, Corpus, Manifest, digest
from classifier.model import Model, Network
from classifier.reading.reader import READER
from devkit.training import finetune, halved, latency
from devkit.training.card import CARD, card
from devkit.training.fitting import Fitted, Policy
from devkit.training.golden import chosen, golden
from devkit.training.rows import Rows


@dataclass(frozen=True)
class Facts:
    """What a model was made from; `figures` are those measured before the last fit."""

    rows: Rows
    sha256: str
    base: str
    recipe: finetune.Recipe
    policy: Policy
    figures: Mapping[str, float]


def publish(facts: Facts, found: Fitted, staging: Path, out: Path) -> Manifest:
    """Complete the model in `staging` and move it to `out`. Raises ModelError if it cannot serve.

    Latency is that of the whole model, tokenizer and final score included.
    """
    draft = _manifest(facts, found, staging)
    _write(draft, staging)
    speed = latency.measured(Model.load(staging).posterior, facts.rows.texts)
    manifest = draft.model_copy(update={"figures": draft.figures | speed})
    _write(manifest, staging)
    Model.load(staging)
    (out / READER).unlink(missing_ok=True)  # fitted with the model that goes
    for name in (*FILES, MANIFEST, CARD):
        (staging / name).replace(out / name)
    return manifest


def version_of(manifest: Manifest) -> str:
    """`distilbert-` and twelve hex digits over everything that decides an answer."""
    decides = manifest.model_dump(
        mode="json", include={"labels", "temperature", "max_length", "files", "scoring"}
    )
    least = {label: one.least for label, one in sorted(manifest.thresholds.items())}
    what = json.dumps([decides, least], sort_keys=True)
    return "distilbert-" + hashlib.sha256(what.encode()).hexdigest()[:12]


def _manifest(facts: Facts, found: Fitted, staging: Path) -> Manifest:
    rows, recipe = facts.rows, facts.recipe
    network = Network(staging, recipe.max_length)
    texts = chosen(rows.texts, [row.label for row in rows.rows])
    manifest = Manifest(
        version="",
        labels=rows.labels,
        out_of_scope=rows.labels[rows.outside],
        temperature=found.temperature,
        max_length=recipe.max_length,
        files={name: digest(staging / name) for name in FILES},
        scoring=found.scoring,
        thresholds=found.thresholds,
        out_of_scope_share=facts.policy.out_of_scope_share,
        data=Corpus(sha256=facts.sha256, rows=len(rows), families=len(set(rows.families))),
        training={"base": facts.base} | _settings(recipe) | _versions() | _cpu(),
        figures={**facts.figures, **found.figures},
        golden=golden(network.find, texts),
    )
    return manifest.model_copy(update={"version": version_of(manifest)})


def _write(manifest: Manifest, folder: Path) -> None:
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")
    (folder / CARD).write_text(card(manifest), encoding="utf-8")


def _settings(recipe: finetune.Recipe) -> dict[str, str]:
    return {name: str(value) for name, value in asdict(recipe).items()}


def _versions() -> dict[str, str]:
    modules = {"torch": torch, "transformers": transformers, "onnxruntime": onnxruntime}
    return {name: str(module.__version__) for name, module in modules.items()}


def _cpu() -> dict[str, str]:
    """The CPU's name and those of its instructions that decide speed and rounding."""
    able = torch.cpu.get_capabilities()
    flags = sorted(name for name in able if "avx512" in name or "amx" in name or name == "avx2")
    return {
        "cpu": str(able.get("cpu_name", "unknown")),
        "cpu_flags": " ".join(name for name in flags if able[name] is True),
        "bfloat16": str(halved.able()),
    }
