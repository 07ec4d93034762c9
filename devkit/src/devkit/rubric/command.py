"""The commands of `tierwise rubric`."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from threadpoolctl import threadpool_limits

from devkit.errors import DevkitError
from devkit.project import Project
from devkit.rubric import heldout as leaving
from devkit.rubric import proposal, show
from devkit.rubric import table as tables
from devkit.rubric.assess import NotEnoughError, Setting
from devkit.rubric.assess import assess as measure
from devkit.rubric.embed import Packaged
from devkit.rubric.example import read_examples
from playbook.error import PlaybookError

app = typer.Typer(help="Which tier a use case needs, measured on examples.", no_args_is_help=True)
console = Console(highlight=False)
Folder = Annotated[Path | None, typer.Option(help="The playbook; else the checkout's.")]


@app.callback()
def group() -> None:
    """Which tier a use case needs, measured on examples."""
    threadpool_limits(1)  # small matrices: more threads only wait for each other


@app.command()
def assess(
    examples: Annotated[Path, typer.Argument(help="JSONL of text, answer, at, entities.")],
    playbook: Folder = None,
    out: Annotated[Path | None, typer.Option(help="Write the proposal here, as YAML.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    name: Annotated[str | None, typer.Option("--id", help="Else the file's name.")] = None,
    harm: Annotated[float | None, typer.Option(min=0, help="USD, of a wrong answer.")] = None,
    share: Annotated[
        float | None, typer.Option(min=0, max=100, help="Percent of all turns.")
    ] = None,
    force: Annotated[bool, typer.Option(help="Write over files, or a use case.")] = False,
) -> None:
    """Measure examples and propose tier, model, cache rule, budget and tests.

    Exit code 1: a seat's veto, or not enough examples. Without --out the proposal is printed.
    """
    rows = read_examples(examples)
    setting = _setting(playbook, replace=force)
    try:
        found = measure(rows, name or examples.stem, setting, harm)
    except NotEnoughError as error:
        raise DevkitError(str(error)) from error
    if as_json:
        print(json.dumps(show.as_json(found), ensure_ascii=False, indent=2, default=str))
    else:
        show.show(found, console, None if share is None else share / 100)
    if found.vetoed:
        raise DevkitError("Nothing is proposed: a veto stands. See what would lift it.")
    if out is not None:
        written = proposal.write(out, found, rows, setting, force=force)
        Console(stderr=True).print("\n".join(f"wrote {file}" for file in written), soft_wrap=True)
    elif not as_json:
        case = proposal.use_case(found, rows, setting)
        print(proposal.as_yaml(case, proposal.comments(found, setting)))


@app.command()
def heldout(playbook: Folder = None) -> None:
    """Leave each use case with examples out in turn: is its tier the cheapest that passes?"""
    setting = _setting(playbook)
    results = leaving.run(setting, lambda line: Console(stderr=True).print(line))
    console.print(leaving.shown(results))
    for file in leaving.record(results, setting):
        console.print(f"wrote {file}", soft_wrap=True)
    if not leaving.good(results):
        raise DevkitError(f"{leaving.verdict(results)}: {leaving.LEAST_RIGHT} are wanted.")


@app.command()
def table(
    playbook: Folder = None,
    write: Annotated[bool, typer.Option(help="Write it to docs/rubric.md.")] = False,
    check: Annotated[bool, typer.Option(help="Exit 1 if docs/rubric.md differs.")] = False,
) -> None:
    """Print use case → prior → tier → model → cost → P99, as Markdown."""
    made = tables.markdown(_setting(playbook))
    page = Project.find().docs / "rubric.md"
    if write:
        tables.write(page, made)
    elif check:
        tables.check(page, made)
    else:
        print(made)


def _setting(playbook: Path | None, *, replace: bool = False) -> Setting:
    project = Project.find()
    embed = Packaged(project.cache)
    try:
        return Setting.of(playbook or project.playbook, project.playbook, embed, replace=replace)
    except PlaybookError as error:
        raise DevkitError(str(error)) from error
