"""`tierwise catalogue index | import | show`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from devkit.catalogue.building import build
from devkit.catalogue.place import opened, qdrant_place
from devkit.errors import DevkitError, environment_error
from devkit.interrupt import run
from devkit.project import Project
from devkit.settings import settings
from devkit.stack import record
from playbook.error import PlaybookError
from rag.evidence import series_finding
from rag.index.building import Built
from rag.index.content import entries_of, playbook_entries
from rag.index.feed import Feed, read_feed
from rag.index.shelf import Shelf, read_shelf
from rag.index.versions import BUILT_BY, current
from rag.repository import write_stock

LEFT_OUT = 3
"""The exit code of an import that left rows out."""

SHOWN_ROWS = 20

app = typer.Typer(help="The index of catalogue and policies.", no_args_is_help=True)
console = Console(highlight=False)

Place = Annotated[
    str | None, typer.Option("--qdrant", help="URL or folder; else the running stack's.")
]
Alias = Annotated[str, typer.Option(help="The name that rag asks for.")]
Model = Annotated[
    str | None, typer.Option("--model", help="Embedding model; else the packaged MiniLM.")
]


@app.command("index")
def index(
    qdrant: Place = None,
    alias: Alias = "shop",
    model: Model = None,
    playbook: Annotated[Path | None, typer.Option(help="Else the project's.")] = None,
) -> None:
    """Build the index of the playbook; the same content again changes nothing."""
    project = Project.find()
    folder = playbook or project.playbook
    place = qdrant_place(project, qdrant)
    with _explained():
        entries = playbook_entries(folder)
    _tell(run(build(entries, place, alias, model, console)))


@app.command("import")
def import_feed(
    file: Annotated[Path, typer.Argument(help="JSON Lines, one series a line.")],
    strict: Annotated[bool, typer.Option(help="Import nothing if any row is bad.")] = False,
    qdrant: Place = None,
    alias: Alias = "shop",
    model: Model = None,
    dsn: Annotated[str | None, typer.Option(help="Owner of table stock; else the stack's.")] = None,
) -> None:
    """Make a shop's own feed the catalogue: checked row by row, live without a restart.

    Ends with 3 where rows were left out, and with 1 where --strict refused them.
    """
    project = Project.find()
    place = qdrant_place(project, qdrant)
    feed = _read(file, strict=strict)
    with _explained():
        entries = entries_of(feed.series.values(), project.playbook)
    if feed.stock:
        rows = run(write_stock(_database(project, dsn), feed.stock))
        console.print(f"{rows:,} volumes have a price and a stock.")
    _tell(run(build(entries, place, alias, model, console)))
    if feed.bad:
        console.print(f"{len(feed.bad)} rows were left out.", style="red")
        raise typer.Exit(LEFT_OUT)


@app.command("show")
def show(title: str, qdrant: Place = None, alias: Alias = "shop") -> None:
    """Show what the index knows of a series; the title may be mistyped."""
    shelf = run(_shelf(qdrant_place(Project.find(), qdrant), alias))
    mentions = shelf.find(title)
    found = dict.fromkeys(one for mention in mentions for one in mention.series)
    if not found:
        raise DevkitError(f"{shelf.collection} has no series like {title!r}.")
    for one in found:
        finding = series_finding(shelf.series[one])
        console.print(
            f"{finding.title} ({finding.ref})\n{finding.text}", markup=False, soft_wrap=True
        )


@contextmanager
def _explained() -> Iterator[None]:
    """A broken playbook is one message, and no traceback."""
    try:
        yield
    except PlaybookError as broken:
        raise environment_error(str(broken)) from broken


def _read(file: Path, *, strict: bool) -> Feed:
    """The feed, its bad rows shown. Raises DevkitError where nothing may be imported."""
    try:
        feed = read_feed(file, datetime.now(UTC).date())
    except (OSError, UnicodeDecodeError) as error:
        raise environment_error(f"{file} cannot be read as UTF-8 text: {error}") from error
    for bad in feed.bad[:SHOWN_ROWS]:
        console.print(f"{file.name}: {bad}", markup=False, soft_wrap=True)
    if len(feed.bad) > SHOWN_ROWS:
        console.print(f"… and {len(feed.bad) - SHOWN_ROWS} more")
    if strict and feed.bad:
        raise DevkitError(f"{len(feed.bad)} rows are bad: nothing was imported.")
    if not feed.series:
        raise DevkitError(f"{file} holds no series that can be imported.")
    console.print(f"{len(feed.series):,} series are good.")
    return feed


def _database(project: Project, dsn: str | None) -> str:
    return dsn or settings().postgres or record.require_running(project).postgres_admin


async def _shelf(place: str, alias: str) -> Shelf:
    async with opened(place) as client:
        collection = await current(client, alias)
        if collection is None:
            raise environment_error(f"There is no index at {place}: build it with `{BUILT_BY}`.")
        return await read_shelf(client, collection)


def _tell(built: Built) -> None:
    if not built.fresh:
        console.print(f"{built.collection} is current: nothing to do.")
        return
    removed = f" Removed: {', '.join(built.removed)}." if built.removed else ""
    console.print(f"{built.collection} holds {built.entries:,} entries and is live.{removed}")
