"""`tierwise simulator`: look at the running stack's simulator, and make it lie or break."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from devkit.errors import environment_error
from devkit.interrupt import run
from devkit.project import Project
from devkit.simulator.book import Entry
from devkit.simulator.client import SimulatorClient
from devkit.simulator.fault import Fault, InForce, Kind
from devkit.stack.record import require_running

app = typer.Typer(no_args_is_help=True)
console = Console(highlight=False)


@app.command()
def profile(
    name: Annotated[str, typer.Argument(help="faithful, sloppy, lying or puppet.")],
    share: Annotated[
        float | None, typer.Option(min=0, max=1, help="The part of the answers it writes.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Which answers those are.")] = None,
) -> None:
    """Choose who writes the answers."""
    chosen = run(_running().profile(name, share=share, seed=seed))
    console.print(f"{chosen.profile} writes {chosen.share:.0%} of the answers, seed {chosen.seed}.")


@app.command()
def book(
    since: Annotated[float, typer.Option(help="Milliseconds since 1970.")] = 0.0,
    raw: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show what was billed."""
    entries = run(_running().book(since))
    if raw:
        for entry in entries:
            console.print(entry.model_dump_json(), soft_wrap=True, markup=False)
    else:
        console.print(summary(entries))


@app.command()
def fault(
    kind: Annotated[Kind, typer.Argument(help="What goes wrong.")],
    model: Annotated[str | None, typer.Option(help="Only with this model.")] = None,
    count: Annotated[int | None, typer.Option(min=1, help="For so many calls.")] = None,
    seconds: Annotated[float | None, typer.Option(min=0.001, help="For so long.")] = None,
    after: Annotated[int, typer.Option(min=0, help="Pieces of text before a break.")] = 3,
    factor: Annotated[float, typer.Option(min=0.001, help="How much slower (slow).")] = 4.0,
    retry_after: Annotated[
        int | None, typer.Option(min=0, help="Seconds, in the header of a 429.")
    ] = None,
) -> None:
    """Lay a fault on the models; `heal` takes it away."""
    laid = Fault(
        kind=kind,
        model=model,
        count=count,
        seconds=seconds,
        after=after,
        factor=factor,
        retry_after_s=retry_after,
    )
    for one in run(_running().faults(laid)):
        console.print(_described(one))


@app.command()
def heal() -> None:
    """Take all faults away."""
    run(_running().heal())
    console.print("No fault is in force.")


def summary(entries: list[Entry]) -> Table:
    """Calls, tokens and cost by model and ending."""
    table = Table("model", "ended", "calls", "input", "cached", "written", "output", "USD")
    for model, end in sorted({(entry.model, entry.end) for entry in entries}):
        those = [one for one in entries if (one.model, one.end) == (model, end)]
        tokens = (
            sum(one.input_tokens for one in those),
            sum(one.cached_tokens for one in those),
            sum(one.cache_write_tokens for one in those),
            sum(one.output_tokens for one in those),
        )
        cost = f"{sum(one.cost_usd for one in those):.6f}"
        table.add_row(model, end, str(len(those)), *(f"{count:,}" for count in tokens), cost)
    return table


def _described(fault: InForce) -> str:
    whom = fault.model or "all models"
    calls = "" if fault.left is None else f", {fault.left} calls"
    time = "" if fault.seconds_left is None else f", {fault.seconds_left:.0f} s"
    return f"{fault.kind} on {whom}{calls}{time}"


def _running() -> SimulatorClient:
    url = require_running(Project.find()).simulator
    if url is None:
        raise environment_error(
            "The running stack has no simulator: it runs where llm is among the services and no "
            "ANTHROPIC_API_KEY is set."
        )
    return SimulatorClient(url)
