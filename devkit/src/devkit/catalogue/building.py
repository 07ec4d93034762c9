"""Builds an index with a progress bar."""

from functools import partial

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from devkit.catalogue.place import opened
from rag.embedder import name_of, open_embedder
from rag.index.building import Builder, Built
from rag.index.connection import is_url
from rag.index.point import Entry

THREADS = 2


async def build(
    entries: list[Entry], place: str, alias: str, model: str | None, console: Console
) -> Built:
    """Make the entries the current version at a place. Raises DevkitError."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("Loading the model", total=len(entries))

        def report(done: int, total: int) -> None:
            bar.update(task, description="Embedding", completed=done, total=total)

        async with opened(place) as client:
            builder = Builder(client, alias, on_server=is_url(place))
            load = partial(open_embedder, model, THREADS)
            return await builder.build(entries, name_of(model), load, report)
