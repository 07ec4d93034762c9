"""The result of a run: a table for people, JSON for machines."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from devkit.check.books import Books
from devkit.check.harvest import Harvest

SHOWN = 5


def _mark(good: bool) -> str:
    return "[green]✓[/green]" if good else "[red]✗[/red]"


def print_books(books: Books, console: Console) -> None:
    """Each book with the first of its offenders, then figures and recoveries."""
    table = Table(title="The books", title_justify="left")
    for heading in ("", "book", "wrong", "promise"):
        table.add_column(heading, justify="right" if heading == "wrong" else "left")
    for book in books.books:
        table.add_row(_mark(book.balanced), book.name, str(len(book.offenders)), book.promise)
    console.print(table)
    for book in books.books:
        for offender in book.offenders[:SHOWN]:
            console.print(f"{book.name}: {offender}", style="red", markup=False, soft_wrap=True)
    figures = " · ".join(f"{name} {value:.10g}" for name, value in books.figures.items())
    console.print(figures, soft_wrap=True)
    for one in books.measured:
        told = f"fault {one.fault}: {one.what}: {one.value:g} {one.unit}"
        console.print(told, soft_wrap=True, markup=False)
    for found in books.recoveries:
        back = "never" if found.seconds is None else f"after {found.seconds:.1f} s"
        console.print(
            f"fault {found.fault} ({found.what}): P95 {found.before_ms:.0f} ms before, "
            f"slowest turn {found.slowest_ms:.0f} ms, back to normal {back}"
            + (f", all lanes went on within {found.resumed_ms:.0f} ms" if found.within_ms else ""),
            soft_wrap=True,
        )


def print_harvest(harvest: Sequence[Harvest], console: Console) -> None:
    """Each planted error, and what the book that must find it says."""
    table = Table(title="Planted errors", title_justify="left")
    for heading in ("", "planted", "book", "first offender"):
        table.add_column(heading)
    for one in harvest:
        table.add_row(_mark(one.found), one.plant.name, one.plant.book, one.says)
    console.print(table)


def write_json(books: Books, options: Mapping[str, Any], path: Path) -> None:
    """Everything of a run's result; each book with all of its offenders."""
    result = {
        "balanced": books.balanced,
        "options": dict(options),
        "books": {book.name: list(book.offenders) for book in books.books},
        "figures": dict(books.figures),
        "measured": [one.model_dump(exclude={"kind"}) for one in books.measured],
        "recoveries": [
            {
                "fault": found.fault,
                "what": found.what,
                "p95_before_ms": found.before_ms,
                "slowest_ms": found.slowest_ms,
                "seconds": found.seconds,
                "resumed_ms": found.resumed_ms,
            }
            for found in books.recoveries
        ],
    }
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
