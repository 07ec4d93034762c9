"""The commands `tierwise check run`, `planted`, `books` and `faults`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from devkit.check.books import balance
from devkit.check.fault.registry import FAULTS, chosen
from devkit.check.harvest import harvest
from devkit.check.load import Options, run_load
from devkit.check.mix import mix_of
from devkit.check.papers import Papers
from devkit.check.report import print_books, print_harvest, write_json
from devkit.check.sound import sound
from devkit.downloads import announce
from devkit.errors import DevkitError, environment_error
from devkit.interrupt import run as run_async
from devkit.project import Project
from devkit.quiet import quiet_clients

RESULT = "check.json"
RATE, RATE_WITH_MODELS = 100.0, 12.0

app = typer.Typer(
    help="Drive a load, put faults on the stack, balance the books.",
    no_args_is_help=True,
    add_completion=False,
)


@app.command()
def run(
    faults: Annotated[str, typer.Option(help="Numbers of faults, comma-separated.")] = "",
    sessions: Annotated[int, typer.Option(min=1, help="Sessions at once.")] = 500,
    rate: Annotated[
        float | None, typer.Option(min=1, help="Turns a second; 100, or 12 with models.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=1, help="How long the load lasts.")] = 60.0,
    seed: Annotated[int, typer.Option(help="Decides texts, moments and victims.")] = 7,
    replicas: Annotated[int, typer.Option(min=1, help="Processes of each worker.")] = 2,
    mix: Annotated[
        str | None,
        typer.Option(help="plain, story, or shares: talk=2,order=1,product=5; by the faults."),
    ] = None,
    speed: Annotated[
        float, typer.Option(min=0.1, help="How many times faster the simulated models answer.")
    ] = 1.0,
    planted: Annotated[
        bool, typer.Option(help="Then plant errors into the run and see that each is found.")
    ] = False,
) -> None:
    """Load a stack of its own, inject faults, and balance the books. Exit code 1 if they don't."""
    project, console = Project.find(), Console(highlight=False)
    hit = chosen(_numbers(faults))
    chosen_mix = mix_of(mix or ("story" if any(fault.models for fault in hit) else "plain"))
    usual = RATE_WITH_MODELS if chosen_mix.modelled else RATE
    options = Options(sessions, rate or usual, seconds, seed, replicas, chosen_mix, speed)
    announce(project, console)
    quiet_clients()
    papers, folder = run_async(run_load(project, options, hit, console))
    books = balance(papers)
    print_books(books, console)
    write_json(books, options.as_dict() | {"faults": [f.number for f in hit]}, folder / RESULT)
    console.print(f"Written to {folder / RESULT}, with the logs beside it.", soft_wrap=True)
    if planted:
        _plant(papers, console)
    if not books.balanced:
        raise DevkitError("The books do not balance.")


@app.command()
def planted(
    folder: Annotated[
        Path | None, typer.Argument(help="An earlier run's folder; else a made-up run.")
    ] = None,
) -> None:
    """Plant each kind of error into a run and see that the books find it. Needs no stack."""
    _plant(_papers(folder) if folder else sound(), Console(highlight=False))


@app.command()
def books(
    folder: Annotated[Path, typer.Argument(help="An earlier run's folder.")],
) -> None:
    """Balance the books of an earlier run again, from its logs alone."""
    found = balance(_papers(folder))
    print_books(found, Console(highlight=False))
    if not found.balanced:
        raise DevkitError("The books do not balance.")


@app.command("faults")
def list_faults() -> None:
    """List the faults that can be injected."""
    for number, fault in FAULTS.items():
        Console(highlight=False).print(f"{number:3d}  {fault.title}")


def _numbers(given: str) -> list[int]:
    try:
        return [int(number) for number in given.split(",") if number]
    except ValueError as wrong:
        raise environment_error(f"--faults {given!r} is not like 1,8,18.") from wrong


def _papers(folder: Path) -> Papers:
    try:
        return Papers.read(folder)
    except FileNotFoundError as missing:
        raise environment_error(f"{missing.filename} is missing: is this a run's folder?") from None


def _plant(papers: Papers, console: Console) -> None:
    found = harvest(papers)
    print_harvest(found, console)
    if missed := [one.plant.name for one in found if not one.found]:
        raise DevkitError("Not found: " + ", ".join(missed))
