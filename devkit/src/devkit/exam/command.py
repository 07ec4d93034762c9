"""The command `tierwise router exam`."""

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from devkit import evidence
from devkit.exam.figures import figures, wrong
from devkit.exam.mark import Mark, marked
from devkit.project import Project
from devkit.route.router import Router
from devkit.training.corpus import Row
from devkit.training.error import CorpusError

SUMS = "SHA256SUMS"


def exam(
    data: Annotated[
        Path | None, typer.Option(help="JSONL of labelled turns; else the playbook's blind set.")
    ] = None,
    playbook: Annotated[Path | None, typer.Option(help="Else the checkout's.")] = None,
    model: Annotated[Path | None, typer.Option(help="Else the playbook's classifier/.")] = None,
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
    router = Router.open(folder, model)
    marks = [
        _marked(router, row, raw)
        for row, raw in track(_rows(file), "Deciding", console=Console(stderr=True), transient=True)
    ]
    found = figures(marks)
    if keep:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        evidence.write(file.stem, found, data={str(file): digest}, seed=None)
    if as_json:
        print(json.dumps(found | {"wrong": wrong(marks)}, ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False, width=150)
    console.print(_table(file.name, found))
    if show_wrong:
        for one in wrong(marks):
            console.print(one, markup=False)


def _rows(file: Path) -> list[tuple[Row, dict[str, Any]]]:
    lines = file.read_text(encoding="utf-8").split("\n")
    raws = [json.loads(line) for line in lines if line.strip()]
    return [(Row(**raw), raw) for raw in raws]


def _marked(router: Router, row: Row, raw: dict[str, Any]) -> Mark:
    wanted = raw.get("slots") or {}
    return marked(router, row, {("use_case" if k == "label" else k): v for k, v in wanted.items()})


def _check_sum(file: Path) -> None:
    """Raises CorpusError where a set lies beside a list of sums and is not the one listed."""
    sums = file.parent / SUMS
    if not sums.is_file():
        return
    pairs = (line.split() for line in sums.read_text().splitlines() if line.strip())
    listed = {name: digest for digest, name in pairs}
    if file.name in listed and listed[file.name] != hashlib.sha256(file.read_bytes()).hexdigest():
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
