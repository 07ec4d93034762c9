"""The command `tierwise money show`."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from devkit.errors import DevkitError
from devkit.interrupt import run
from devkit.money.command import app
from devkit.project import Project
from devkit.stack.record import require_running
from ledger.money import told
from ledger.repository import Sums, open_repository
from playbook.model import ModelList
from playbook.price import PriceList
from playbook.reference import Reference
from playbook.source import read_model
from playbook.use_case import Size
from worker.handler import Unavailable

BY = ("tier", "use_case", "day")

TOKENS = ("input", "cached", "written", "output")

Row = dict[str, Any]


@app.command("show")
def show(
    days: Annotated[int, typer.Option(min=1, max=366, help="Today and the days before.")] = 1,
    dsn: Annotated[str | None, typer.Option(help="The ledger's; else the stack's.")] = None,
) -> None:
    """Show what was booked: by tier, use case, model and day, beside the reference case."""
    project = Project.find()
    reference = read_model(project.playbook / "reference.yaml", Reference)
    prices = read_model(project.playbook / "prices.yaml", PriceList)
    sums = run(_read(dsn or require_running(project).postgres["ledger"], days))
    console = Console(highlight=False)
    _print(told(sums, prices, reference, days), console)
    console.print(
        _quota(reference, read_model(project.playbook / "models.yaml", ModelList), prices)
    )


async def _read(dsn: str, days: int) -> Sums:
    try:
        async with open_repository(dsn) as repository:
            return await repository.sums(days)
    except Unavailable as away:
        raise DevkitError(f"The books cannot be read: {away}") from away


def _print(money: Row, console: Console) -> None:
    prices = money["prices"]
    simulated = " Models are simulated: nothing was paid." if money["simulated"] else ""
    days = f"{money['days']} days" if money["days"] > 1 else "Today"
    console.print(f"{days}, at list prices of {prices['read_on']}.{simulated}", soft_wrap=True)
    tables = [_sums(money[f"by_{name}"], name) for name in BY]
    sizes, models = _sizes(money["by_model_size"]), _models(money["by_model"])
    for table in (_overview(money), sizes, *tables, models):
        console.print()
        console.print(table)


def _overview(money: Row) -> Table:
    total, sessions, reference = money["total"], money["sessions"], money["reference"]
    table = _table("", "here", "reference case")
    table.add_row("sessions", f"{sessions['sessions']:,}", "")
    table.add_row("turns", f"{total['turns']:,}", "")
    table.add_row("cost", _usd(total["cost_usd"]), "")
    per_session = _usd(sessions["cost_per_session_usd"]), _usd(reference["cost_per_session_usd"])
    table.add_row("a session", *per_session)
    per_turn = _usd(total["cost_per_turn_usd"]), _usd(reference["cost_per_turn_usd"])
    table.add_row("a turn", *per_turn)
    shares = _share(total["share_without_model"]), _share(reference["share_without_model"])
    table.add_row("without a model", *shares)
    table.add_row("of it for calls that no reply carries", _usd(total["adjusted_usd"]), "")
    table.add_row("calls without a known bill", f"{money['open_calls']['calls']:,}", "")
    return table


def _sums(rows: list[Row], name: str) -> Table:
    """Rows by one column."""
    heads = ("turns", "calls", "cost", "a turn", "no model", "simulated")
    table = _table(name.replace("_", " "), *heads)
    for row in rows:
        counts = f"{row['turns']:,}", f"{row['calls']:,}", _usd(row["cost_usd"])
        shares = _usd(row["cost_per_turn_usd"]), _share(row["share_without_model"])
        table.add_row(row[name], *counts, *shares, _simulated(row))
    return table


def _sizes(rows: list[Row]) -> Table:
    """Rows by the size of the model, with the reference's share and price of each."""
    table = _table("model size", "turns", "share", "a turn", "reference: share", "a turn")
    for row in rows:
        told = row["reference"] or {"share": None, "cost_per_turn_usd": None}
        here = f"{row['turns']:,}", _share(row["share"]), _usd(row["cost_per_turn_usd"])
        table.add_row(
            row["model_size"], *here, _share(told["share"]), _usd(told["cost_per_turn_usd"])
        )
    return table


def _simulated(row: Row) -> str:
    """The simulated share of what the calls cost."""
    return _share(row["simulated_usd"] / row["cost_usd"]) if row["cost_usd"] else ""


def _models(rows: list[Row]) -> Table:
    tokens = "input_tokens", "cached_tokens", "cache_write_tokens", "output_tokens"
    table = _table("model", "sim.", "as", "calls", *TOKENS, "cost")
    for row in rows:
        kind = "yes" if row["simulated"] else "no", row["kind"]
        counts = [f"{row[kind]:,}" for kind in ("calls", *tokens)]
        table.add_row(row["model"], *kind, *counts, _usd(row["cost_usd"]))
    return table


def _quota(reference: Reference, models: ModelList, prices: PriceList) -> str:
    """What the reference case leaves out: the big model's quota."""
    big = prices.chosen[Size.BIG]
    allowed = models.models[big].requests_per_minute / 60
    return (
        f"At the reference case's mix {reference.concurrent_sessions:,} sessions ask the big model "
        f"{reference.big_turns_per_second:.0f} times a second; the quota of {big} in models.yaml "
        f"allows {allowed:.0f}. The share that reaches it must come down, or quota be bought."
    )


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _usd(amount: float | None) -> str:
    return "" if amount is None else f"${amount:,.5f}"


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"
