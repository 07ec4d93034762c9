"""What `tierwise classifier evaluate` does."""

import json
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from classifier.manifest import ModelError
from classifier.model import Model
from devkit.errors import environment_error
from devkit.evaluation.data import Data, read
from devkit.evaluation.figures import report
from devkit.evaluation.judged import Judgement, Source, Terms, judge
from devkit.evaluation.report import Report
from devkit.evaluation.table import tables

PLACES = 6
"""Digits of figures in the JSON."""


def evaluate(
    folder: Path,
    data: Path,
    *,
    as_json: bool = False,
    plots: Path | None = None,
    background: Path | None = None,
    out_of_scope: str | None = None,
) -> Report:
    """Judge the model of a folder on labelled rows and print the report, which is returned too.

    Raises DevkitError for data or a model that cannot be used.
    """
    rows = read(data)  # a bad line is told before a model is loaded
    if plots:
        _make(plots)
    try:
        model = Model.load(folder)
    except ModelError as error:
        raise environment_error(str(error)) from error
    rows = named(rows, model.manifest, background, out_of_scope)
    found = watched(rows, model, model.manifest)
    whole = report(found, rows)
    if plots:
        whole = drawn(found, whole, plots)
    show(whole, as_json)
    return whole


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise environment_error(
            f"--plots: {folder} cannot be made ({error.strerror}). Give another folder."
        ) from error


def named(rows: Data, terms: Terms, background: Path | None, out_of_scope: str | None) -> Data:
    """The rows with the model's name for what is out of scope, and the background's texts."""
    if out_of_scope is not None and out_of_scope != terms.out_of_scope:
        rows = rows.calling(out_of_scope, terms.out_of_scope)
    return rows.with_background(background, terms.out_of_scope) if background else rows


def watched(rows: Data, source: Source, terms: Terms) -> Judgement:
    """Judge with a progress bar on standard error."""
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("judging", total=len(rows.rows))
        return judge(rows, source, terms, lambda: progress.advance(task))


def drawn(found: Judgement, whole: Report, folder: Path) -> Report:
    """The report with the names of the plots that were drawn."""
    from devkit.evaluation.plots import draw  # matplotlib takes a second to load

    return whole.model_copy(update={"plots": draw(found, whole, folder)})


def show(whole: Report, as_json: bool) -> None:
    """Print JSON alone, or tables."""
    if as_json:
        print(json.dumps(rounded(whole.model_dump()), indent=2, allow_nan=False))
        return
    console = Console(highlight=False)
    for table in tables(whole):
        console.print(table)
    if whole.plots:
        console.print(f"Plots: {', '.join(whole.plots)}")


def rounded(value: object) -> object:
    """The same with every float cut to `PLACES` digits."""
    match value:
        case float():
            return round(value, PLACES)
        case dict():
            return {key: rounded(one) for key, one in value.items()}
        case list() | tuple():
            return [rounded(one) for one in value]
    return value
