"""The command `tierwise money`."""

from typing import Annotated

import typer
from rich.console import Console

from devkit.errors import environment_error
from devkit.interrupt import run
from devkit.money.balance import Books, balanced
from devkit.project import Project
from devkit.stack.record import running
from llm.money.repository import Booked

app = typer.Typer(no_args_is_help=True)
console = Console(highlight=False)


@app.callback()
def money() -> None:
    """What the models cost, by our books and by the provider's."""


@app.command("reconcile")
def reconcile_calls(
    dsn: Annotated[str | None, typer.Option(help="The llm service's; else the stack's.")] = None,
    simulator: Annotated[
        str | None, typer.Option(help="Base URL of the provider's book; else the stack's.")
    ] = None,
    now: Annotated[
        bool, typer.Option("--now", help="Do not wait a minute for calls the book has not.")
    ] = False,
) -> None:
    """Set calls whose bill is unknown to what the provider billed, and compare the books."""
    project = Project.find()
    record = running(project)
    ours = dsn or (record.postgres["llm"] if record else None)
    theirs = simulator or (record.simulator if record else None)
    if ours is None or theirs is None:
        raise environment_error(
            "There is no stack with a simulator here: start one with `tierwise up`, or name --dsn "
            "and --simulator. The real provider's book is its usage report: compare it by hand."
        )
    _show(run(balanced(ours, theirs, project.playbook, now=now)))


def _show(books: Books) -> None:
    for one in books.balance.done:
        source = "by the book" if one.found else "not in the book"
        console.print(
            f"{one.call_id} {one.model}: held ${one.held_usd:.6f}, cost ${one.cost_usd:.6f} "
            f"({source})"
        )
    if books.balance.waiting:
        console.print(f"{books.balance.waiting} calls are too young to be sure of; see --now.")
    console.print(f"{len(books.balance.done)} calls reconciled.")
    console.print(f"Our books       {_line(books.ours)}\nThe provider's  {_line(books.theirs)}")


def _line(sums: Booked) -> str:
    return (
        f"{sums.calls} billed calls, {sums.input_tokens} input, {sums.cached_tokens} cached, "
        f"{sums.cache_write_tokens} written to the cache, {sums.output_tokens} output, "
        f"${sums.cost_nano_usd / 1e9:.6f}"
    )
