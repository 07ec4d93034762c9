"""The command `tierwise router exam`."""

import hashlib
import json
from collections.abc import Container
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from classifier.manifest import ModelError
from devkit import evidence
from devkit.errors import environment_error
from devkit.exam.behind import SEED, behind
from devkit.exam.figures import figures, wrong
from devkit.exam.mark import Mark, marked
from devkit.project import Project
from devkit.route.router import Router
from devkit.training.corpus import Row, read_rows
from devkit.training.error import CorpusError
from playbook.error import PlaybookError

SUMS = "SHA256SUMS"


def exam(
    data: Annotated[
        Path | None, typer.Option(help="JSONL of labelled turns; else the playbook's blind set.")
    ] = None,
    playbook: Annotated[Path | None, typer.Option(help="Else the checkout's.")] = None,
    model: Annotated[Path | None, typer.Option(help="Else the playbook's classifier/.")] = None,
    before: Annotated[
        Path | None,
        typer.Option("--behind", help="Put each turn behind a history of a row of this JSONL."),
    ] = None,
    show_wrong: Annotated[bool, typer.Option("--wrong", help="List the turns that went wrong.")] = (
        False
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    keep: Annotated[
        bool, typer.Option("--evidence", help="Write docs/evidence/<name of the data>.json.")
    ] = False,
) -> None:
    """Put labelled turns to the whole router: accepted, harmful, clarified, refused, bound."""
    folder = playbook or Project.find().playbook
    file = data or folder / "evaluation" / "blind7.jsonl"
    _check_sum(file)
    router = _opened(folder, model)
    rows = labelled(file, router.shop.use_cases)
    if before:
        _check_sum(before)
        rows = behind(rows, tuple(read_rows(before)))
    marks = [
        _marked(router, row)
        for row in track(rows, "Deciding", console=Console(stderr=True), transient=True)
    ]
    found = figures(marks)
    if keep:
        read = [file, before] if before else [file]
        name, seed = (f"{file.stem}_behind", SEED) if before else (file.stem, None)
        evidence.write(name, found, data={str(one): _digest(one) for one in read}, seed=seed)
    if as_json:
        print(json.dumps(found | {"wrong": wrong(marks)}, ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False, width=150)
    console.print(_table(file.name, found))
    if show_wrong:
        for one in wrong(marks):
            console.print(one, markup=False)


def _opened(folder: Path, model: Path | None) -> Router:
    try:
        return Router.open(folder, model)
    except (PlaybookError, ModelError) as error:
        raise environment_error(str(error)) from error


def labelled(file: Path, use_cases: Container[str]) -> tuple[Row, ...]:
    """Every turn of an exam. Raises CorpusError for none, and for one that cannot be marked."""
    rows = tuple(read_rows(file))
    if not rows:
        raise CorpusError(f"{file} holds no rows. A row is an object with text and label.")
    for row in rows:
        if unknown := sorted(one for one in row.accepts if one not in use_cases):
            raise CorpusError(
                f"{file.name}: {row.text!r} has the label {unknown[0]!r}, which is no use case of "
                "the playbook. Correct the label, or give --playbook."
            )
    return rows


def _marked(router: Router, row: Row) -> Mark:
    wanted = {("use_case" if name == "label" else name): one for name, one in row.slots.items()}
    return marked(router, row, wanted)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _check_sum(file: Path) -> None:
    """Raises CorpusError where a set lies beside a list of sums and is not the one listed."""
    sums = file.parent / SUMS
    if not sums.is_file():
        return
    pairs = (line.split() for line in sums.read_text().splitlines() if line.strip())
    listed = {name: digest for digest, name in pairs}
    if file.name in listed and listed[file.name] != _digest(file):
        raise CorpusError(f"{file.name} is not the file whose hash stands in {SUMS}: put it back.")


def _table(name: str, found: dict[str, Any]) -> Table:
    table = Table("figure", "value", "95 % interval", title=name)
    for key, value in found.items():
        if isinstance(value, dict):
            interval = "" if value["low"] is None else f"{value['low']:.1%} … {value['high']:.1%}"
            share = "none asked" if value["value"] is None else f"{value['value']:.1%}"
            table.add_row(key, f"{share} ({value['count']} of {value['of']})", interval)
        else:
            table.add_row(key, str(value), "")
    return table
