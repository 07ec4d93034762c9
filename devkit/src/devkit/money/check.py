"""The command `tierwise money check`."""

from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from devkit.errors import DevkitError
from devkit.interrupt import run
from devkit.money.command import app
from devkit.money.compare import Difference, Line, differences, lines
from devkit.project import Project
from devkit.simulator.client import SimulatorClient
from devkit.stack.record import Record, require_running, running
from ledger.audit import Audit
from ledger.repository import open_repository
from worker.handler import Unavailable

EVER = timedelta(days=3650)
SHOWN = 20


@app.command("check")
def check(
    dsn: Annotated[str | None, typer.Option(help="The ledger's; else the stack's.")] = None,
    simulator: Annotated[
        str | None, typer.Option(help="Base URL of the provider's book; else the stack's.")
    ] = None,
    settled_s: Annotated[
        float, typer.Option(min=0, help="A turn answered so long ago must be booked.")
    ] = 5.0,
) -> None:
    """Compare bookings, calls, claims, sessions and the simulator's book; exit 1 on a difference.

    Books the calls that no reply carries first, as the ledger does every few seconds.
    """
    record = running(Project.find()) if dsn else require_running(Project.find())
    url = simulator or (record.simulator if record and not dsn else None)
    provider = run(SimulatorClient(url).book()) if url else None
    audit = run(_read(dsn or _ledger(record), settled_s))
    found = differences(audit, provider)
    _show(lines(audit, provider), found, audit, Console(highlight=False))
    if found:
        raise typer.Exit(1)


def _ledger(record: Record | None) -> str:
    assert record is not None
    return record.postgres["ledger"]


async def _read(dsn: str, settled_s: float) -> Audit:
    try:
        async with open_repository(dsn) as repository:
            await repository.adjust(EVER)
            return await repository.audit(answered_before_s=settled_s)
    except Unavailable as away:
        raise DevkitError(f"The books cannot be read: {away}") from away


def _show(sums: list[Line], found: list[Difference], audit: Audit, console: Console) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2))
    for name in ("", "calls", "input", "cached", "written", "output", "cost"):
        table.add_column(name, justify="right" if name else "left")
    for line in sums:
        table.add_row(line.book, *_cells(line))
    table.add_row("sessions", *[""] * 5, f"${audit.session_spend_usd:f}")
    console.print(table)
    for one in found[:SHOWN]:
        console.print(f"[red]{one.where} {one.what}: {one.told}[/red]", soft_wrap=True)
    if len(found) > SHOWN:
        console.print(f"[red]and {len(found) - SHOWN} more[/red]")
    if audit.open_calls:
        console.print("`tierwise money reconcile` looks up bills that are not known.")
    console.print(f"{len(found)} differences." if found else "The books agree.")


def _cells(line: Line) -> list[str]:
    spent = line.sum.spent
    counts = (
        line.sum.calls,
        spent.input_tokens,
        spent.cached_tokens,
        spent.cache_write_tokens,
        spent.output_tokens,
    )
    return [*(f"{count:,}" for count in counts), f"${spent.cost_usd:f}"]
