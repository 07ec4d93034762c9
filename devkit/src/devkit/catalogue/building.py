"""Builds an index with a progress bar."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from devkit.catalogue.place import opened
from devkit.errors import environment_error
from playbook.error import PlaybookError
from playbook.policy import Policy
from playbook.series import Series
from playbook.shop import load_shop
from rag.building import Builder, Built
from rag.connection import is_url
from rag.embedder import name_of, open_embedder
from rag.point import Entry, policy_entry, series_entry

THREADS = 2


def entries_of(series: Iterable[Series], policies: Iterable[Policy]) -> list[Entry]:
    """Everything that goes into an index."""
    return [*(series_entry(one) for one in series), *(policy_entry(one) for one in policies)]


def policies_of(playbook: Path) -> tuple[Policy, ...]:
    """The shop's policies. Raises DevkitError on a broken playbook."""
    try:
        return tuple(load_shop(playbook).policies.values())
    except PlaybookError as broken:
        raise environment_error(str(broken)) from broken


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
