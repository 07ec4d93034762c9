"""Corpus in, served model out: cross-validation, final score, thresholds, last fit, export."""

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from classifier.known import Known
from classifier.manifest import KNOWN, Manifest
from devkit.errors import environment_error
from devkit.training import crossval, finetune, fitting, fold, frozen, halves
from devkit.training.corpus import Corpus, CorpusError
from devkit.training.crossval import Encoded, Fit
from devkit.training.progress import Progress
from devkit.training.publish import Facts, publish
from devkit.training.rows import Rows


@dataclass(frozen=True)
class Job:
    """What to train from and where to write.

    `background` are texts that are out of scope whatever the labels mean. `out_of_scope` names that
    label, which need not occur in the data.
    """

    data: Path
    out: Path
    base: str
    out_of_scope: str
    background: tuple[str, ...] = ()
    recipe: finetune.Recipe = field(default_factory=finetune.Recipe)
    policy: fitting.Policy = field(default_factory=fitting.Policy)


def train(job: Job, console: Console) -> Manifest:
    """Run the whole job and return what was written into `job.out`.

    Raises CorpusError, FoldError, ModelError, or DevkitError where `out` cannot be written to; a
    model already in `out` is replaced only after the last check.
    """
    corpus = Corpus.read(job.data)
    rows = Rows.of(corpus.rows, job.out_of_scope, job.background)
    rows.check(job.recipe.folds)
    _check_outside(rows, job.policy.out_of_scope_share)
    _try_out(job.out)  # now, and not when all is trained
    with Progress(console) as progress:
        return _trained(job, corpus, rows, progress)


def _check_outside(rows: Rows, share: float) -> None:
    """Raises CorpusError where thresholds would be for rows that there are none of."""
    if share and not (rows.truth == rows.outside).any():
        raise CorpusError(
            f"No row is out of scope (label {rows.labels[rows.outside]!r}), and {share:.0%} of "
            "live traffic are taken to be. Name their label with --out-of-scope, give texts with "
            "--background, or say with --share 0 that there are none."
        )


def _try_out(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        TemporaryDirectory(dir=folder, prefix="staging-").cleanup()
    except OSError as error:
        raise environment_error(
            f"--out: {folder} cannot be written to ({error.strerror}). Give another folder."
        ) from error


def _trained(job: Job, corpus: Corpus, rows: Rows, progress: Progress) -> Manifest:
    base, recipe = fold.load(job.base), job.recipe
    encoded = encode(base, rows, recipe, progress)
    home = rows.home(recipe.folds)
    choice = choose(base, encoded, recipe, home, progress)
    held = _held_out(base, encoded, recipe, choice, progress)
    found = fitting.fitted(rows, held, home, job.policy)
    network = choice.fit(range(len(rows)))
    with TemporaryDirectory(dir=job.out, prefix="staging-") as name, progress.stage("Export", 2):
        staging = Path(name)
        learnt = crossval.exported(encoded, network, range(len(rows)), base, staging)
        progress.step()
        Known.save(staging / KNOWN, learnt, rows.truth)
        facts = Facts(rows, corpus.sha256, base.name, recipe, job.policy, choice.figures)
        return publish(facts, found, staging, job.out)


def encode(base: fold.Base, rows: Rows, recipe: finetune.Recipe, progress: Progress) -> Encoded:
    """The lower half of the encoder for all rows and slips, and the untuned pooled parts."""
    network = finetune.start(base, len(rows.labels), recipe)
    said = halves.variants(rows.texts, recipe.slip_share, recipe.seed)
    flat = [text for variants in said for text in variants]
    with progress.stage("Lower layers", len(flat)):
        made = iter(halves.halves(network, base, flat, recipe.max_length, progress.step))
        grouped = [[next(made) for _ in variants] for variants in said]
    with progress.stage("Upper layers, untuned", 1):
        pooled = frozen.pooled(network, [group[0] for group in grouped])
        progress.step()
    return Encoded(rows, grouped, pooled, base.config.dim)


@dataclass(frozen=True)
class Choice:
    """The way of fitting that measured better, its folds, and what was measured."""

    fit: Fit
    folds: list[crossval.Fold]
    figures: dict[str, float]


def choose(
    base: fold.Base,
    encoded: Encoded,
    recipe: finetune.Recipe,
    home: list[int],
    progress: Progress,
) -> Choice:
    """Fine-tuned against frozen on the first fold, by log-likelihood; all folds of the better."""
    rows = encoded.rows
    epochs = finetune.epochs_of(len(rows), recipe)
    total = sum(finetune.steps(len(home) - home.count(n), recipe, epochs) for n in set(home))
    with progress.stage("The control, frozen", 1):
        plain = crossval.untuned(base, encoded, recipe)
        control = crossval.folds(encoded, home, plain, only=0)
        progress.step()
    with progress.stage("Fine-tuning, cross-validated", total):
        tuned = crossval.tuned(base, encoded, recipe, epochs, progress.step)
        folds = crossval.folds(encoded, home, tuned)
    losses = {
        "frozen": crossval.loss(control[0], rows),
        "tuned": crossval.loss(folds[0], rows),
    }
    figures = {f"{name}_loss": round(value, 4) for name, value in losses.items()}
    if losses["frozen"] < losses["tuned"]:
        with progress.stage("Frozen, the other folds", 1):
            return Choice(plain, crossval.folds(encoded, home, plain), figures)
    last = finetune.steps(len(rows), recipe, epochs)
    return Choice(progress.counted("Last fit on all rows", last, tuned), folds, figures)


def _held_out(
    base: fold.Base,
    encoded: Encoded,
    recipe: finetune.Recipe,
    choice: Choice,
    progress: Progress,
) -> crossval.HeldOut:
    with progress.stage("Held-out answers in int8", len(choice.folds)):
        return crossval.held_out(encoded, choice.folds, base, recipe.max_length, progress.step)
