"""The command `tierwise profiles`."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from devkit.errors import DevkitError
from devkit.profiles.case import Cases
from devkit.profiles.judge import FAITHFUL, Judge, Verdict
from devkit.profiles.orders import foreign, planted
from devkit.profiles.tally import Tally, tally
from devkit.project import Project
from devkit.simulator.profiles import PROFILES
from llm.output.guard import Guard
from llm.output.names import Names
from playbook.catalogue import read_catalogue
from playbook.shop import load_shop

CATALOGUE = Path("catalogue") / "series.jsonl"
PUPPET = "puppet"

app = typer.Typer(add_completion=False)


@app.command()
def profiles(
    cases: Annotated[int, typer.Option(min=10, help="Turns for each profile.")] = 300,
    seed: Annotated[int, typer.Option(help="Draws the same turns again.")] = 1,
    redteam: Annotated[
        Path | None, typer.Option(help="Folder with direct.jsonl and indirect.jsonl.")
    ] = None,
    show: Annotated[bool, typer.Option(help="Show what got through, and false alarms.")] = False,
) -> None:
    """Measure what the output guard and the check of warmth let through, profile by profile."""
    project, console = Project.find(), Console(highlight=False)
    results = measured(project.playbook, cases, seed, redteam)
    tallies = [tally(name, verdicts) for name, verdicts in results.items()]
    _print(tallies, console)
    if show:
        _show(results, console)
    path = project.state / "profiles.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([one.as_json() for one in tallies], indent=2) + "\n")
    console.print(f"Written to {path}", soft_wrap=True)
    _demand(tallies)


def measured(
    playbook: Path, count: int, seed: int, redteam: Path | None = None
) -> dict[str, list[Verdict]]:
    """The verdicts of every profile on the same cases; the puppet's cases hold orders."""
    shop, catalogue = load_shop(playbook), read_catalogue(playbook / CATALOGUE)
    judge = Judge(shop, Guard(shop, Names.of(catalogue, shop.guard.everyday)))
    drawn = Cases(shop, catalogue, seed).draw(count)
    more = Cases(shop, catalogue, seed + 1).draw(count)
    obeyed = [*planted(drawn), *(foreign(redteam, more) if redteam else ())]
    return {
        name: [judge.judge(one, name, seed + place) for place, one in enumerate(chosen)]
        for name, chosen in ((name, obeyed if name == PUPPET else drawn) for name in PROFILES)
    }


def _print(tallies: Sequence[Tally], console: Console) -> None:
    table = Table("profile", "error", "planted", "caught", "got through", title="Simulated models")
    for one in tallies:
        for kind, row in sorted(one.rows.items()):
            caught = row.planted - row.through
            table.add_row(one.profile, kind, str(row.planted), str(caught), str(row.through))
    console.print(table)
    for one in tallies:
        console.print(
            f"{one.profile}: {one.cases} turns; {one.stopped} of {one.sentences} sentences "
            f"stopped; {one.plain} of {one.warm} warm texts sent plain"
        )


def _show(results: dict[str, list[Verdict]], console: Console) -> None:
    for name, verdicts in results.items():
        for one in verdicts:
            for label, through in one.labels:
                if through:
                    console.print(f"{name} {label.kind}: {label.wrote}", markup=False)
            for leak in one.leaks:
                console.print(f"{name} leaked {leak}: {one.told[:300]}", markup=False)
            for piece, misses in one.stopped if name == FAITHFUL else ():
                console.print(f"false alarm: {piece} {misses}", markup=False)


def _demand(tallies: Sequence[Tally]) -> None:
    """The one figure that must be 0: a changed fact in a warmed text."""
    for one in tallies:
        through = sum(row.through for kind, row in one.rows.items() if kind.endswith("(warm)"))
        if through:
            raise DevkitError(f"{through} changed facts of {one.profile} warmth got through.")
