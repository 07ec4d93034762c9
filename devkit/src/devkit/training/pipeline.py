"""Corpus in, served model out: cross-validation, calibration, the final fit, export, figures."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
import transformers
from rich.console import Console
from rich.progress import Progress

from classifier.manifest import MANIFEST, NETWORK, TOKENIZER, Manifest, digest
from classifier.manifest import Corpus as Source
from classifier.model import Model, Network
from devkit.training import crossval, evaluate, export, finetune, fold, temperature
from devkit.training.card import card
from devkit.training.corpus import Corpus
from devkit.training.golden import golden

FOLDS = 4


@dataclass(frozen=True)
class Job:
    """What to train from and where to write.

    `transfer` is a JSONL file of foreign utterances, asked at the end; `themes` adds the harder
    cross-validation that leaves out whole themes.
    """

    data: Path
    out: Path
    base: str
    recipe: finetune.Recipe
    transfer: Path | None = None
    themes: bool = False


def train(job: Job, console: Console) -> Manifest:
    """Run the whole job and return what was written into `job.out`.

    Raises CorpusError, FoldError or GoldenError; a model already in `out` is replaced only after
    the last check.
    """
    corpus = Corpus.read(job.data)
    console.print(f"{len(corpus.rows)} rows, {corpus.families} families: {job.data}")
    base = fold.load(job.base)
    figures, heat = _held_out(job, corpus, base, console)
    model = _final(job, corpus, base, console)
    job.out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=job.out, prefix="staging-") as name:
        staging = Path(name)
        export.write(model, base, staging)
        figures |= _measured(job, corpus, staging)
        manifest = _manifest(job, corpus, base, staging, figures, heat)
        _publish(manifest, staging, job.out)
    return manifest


def _measured(job: Job, corpus: Corpus, staging: Path) -> dict[str, float]:
    """Latency of the exported network, and its figures on foreign utterances if there are any."""
    network = Network(staging, job.recipe.max_length)
    figures = evaluate.latency(network, [row.text for row in corpus.rows])
    if job.transfer:
        known = {row.text.strip().lower() for row in corpus.rows}
        figures |= evaluate.transfer(network.logits, job.transfer, corpus.labels, known)
    return figures


def _held_out(
    job: Job, corpus: Corpus, base: fold.Base, console: Console
) -> tuple[dict[str, float], float]:
    """Figures of the out-of-fold answers, and the temperature fitted on them."""
    truth = evaluate.truth_of([row.label for row in corpus.rows], corpus.labels)
    families = [row.family for row in corpus.rows]
    found = _crossval("Cross-validation by family", job, corpus, base, families, console)
    heat = temperature.fit(found.served, truth)
    figures = evaluate.figures(found.served, truth, corpus.labels, heat)
    figures["int8_agreement"] = evaluate.agreement(found.served, found.plain)
    if job.themes:
        themes = [row.theme for row in corpus.rows]
        harder = _crossval("Cross-validation by theme", job, corpus, base, themes, console)
        hard = evaluate.figures(harder.served, truth, corpus.labels, heat)
        figures |= {f"themes_{name}": value for name, value in hard.items()}
    return figures, heat


def _crossval(
    title: str,
    job: Job,
    corpus: Corpus,
    base: fold.Base,
    groups: list[str],
    console: Console,
) -> crossval.HeldOut:
    total = crossval.batches(corpus, job.recipe, groups, FOLDS)
    with Progress(console=console) as progress:
        task = progress.add_task(title, total=total)
        return crossval.run(base, corpus, job.recipe, groups, FOLDS, lambda: progress.advance(task))


def _final(
    job: Job, corpus: Corpus, base: fold.Base, console: Console
) -> transformers.DistilBertForSequenceClassification:
    total = finetune.steps(len(corpus.rows), job.recipe)
    with Progress(console=console) as progress:
        task = progress.add_task("Final fit on all rows", total=total)
        return finetune.fit(
            base, corpus.rows, corpus.labels, job.recipe, lambda: progress.advance(task)
        )


def _manifest(
    job: Job,
    corpus: Corpus,
    base: fold.Base,
    staging: Path,
    figures: dict[str, float],
    heat: float,
) -> Manifest:
    files = {name: digest(staging / name) for name in (NETWORK, TOKENIZER)}
    settings = {name: str(value) for name, value in asdict(job.recipe).items()}
    versions = {"torch": torch.__version__, "transformers": transformers.__version__}
    network = Network(staging, job.recipe.max_length)
    manifest = Manifest(
        version="",
        labels=corpus.labels,
        temperature=round(heat, 4),
        max_length=job.recipe.max_length,
        files=files,
        data=Source(sha256=corpus.sha256, rows=len(corpus.rows), families=corpus.families),
        training={"base": base.name, "folds": str(FOLDS)} | settings | versions,
        figures=figures,
        golden=golden(network.logits, corpus.labels),
    )
    return manifest.model_copy(update={"version": version_of(manifest)})


def version_of(manifest: Manifest) -> str:
    """`distilbert-` and twelve hex digits over everything that decides an answer."""
    settings = (manifest.labels, manifest.temperature, manifest.max_length)
    what = (*settings, sorted(manifest.files.items()))
    return "distilbert-" + hashlib.sha256(json.dumps(what).encode()).hexdigest()[:12]


def _publish(manifest: Manifest, staging: Path, out: Path) -> None:
    """Move the checked model into place and load it once, as a worker would."""
    (staging / MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")
    (staging / "MODEL_CARD.md").write_text(card(manifest), encoding="utf-8")
    Model.load(staging)
    for name in (NETWORK, TOKENIZER, MANIFEST, "MODEL_CARD.md"):
        (staging / name).replace(out / name)
