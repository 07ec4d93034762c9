"""A report as a person reads it."""

from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.table import Table

from devkit.evidence.told import told
from devkit.report.bootstrap import Estimate
from devkit.report.comparison import OURS, TITLES
from devkit.report.figure import FIGURES, Figure
from devkit.report.report import Report, cell


def show(report: Report, console: Console) -> None:
    """The figures of all routers, then how far they are from this one, then what is assumed."""
    about = report.about
    console.print(
        f"{about['conversations']} conversations, {about['turns']} turns, "
        f"{about['out_of_scope']:.1%} of them out of scope. Model {about['model']}, "
        f"playbook {about['playbook']}.",
        soft_wrap=True,
    )
    for table in _tables(report):
        console.print()
        console.print(table)
    console.print()
    console.print(str(report.quota), soft_wrap=True)
    console.print("\nAssumed:")
    for one in report.assumptions:
        console.print(f"  · {one}", soft_wrap=True)


def _tables(report: Report) -> Iterator[Table]:
    """A row for each figure: eight routers are easier to read side by side than twelve figures."""
    compared = report.compared
    yield _table("with 95 % intervals", {name: one.figures for name, one in compared.items()})
    others = {name: one.differences for name, one in compared.items() if name != OURS}
    yield _table("minus this router (* the interval leaves out 0)", others, starred=True)


def _table(
    title: str, rows: Mapping[str, Mapping[str, Estimate]], *, starred: bool = False
) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2))
    table.add_column("")
    for name in rows:
        table.add_column(TITLES[name], justify="right", no_wrap=False)
    for figure in FIGURES:
        cells = (_lines(one[figure.name], figure, starred) for one in rows.values())
        table.add_row(figure.title, *cells)
    return table


def _lines(one: Estimate, figure: Figure, starred: bool) -> str:
    """The value, and under it the interval."""
    value, _, interval = cell(one, figure).partition(" (")
    surely = one.low is not None and one.high is not None and not one.low <= 0 <= one.high
    star = " *" if starred and surely else ""
    return f"{value}{star}\n[dim]{interval.removesuffix(')')}[/dim]" if interval else told(None)
