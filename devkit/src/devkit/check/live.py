"""A line that says where a run stands, while it runs."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from devkit.check.fault.field import Field

EVERY_S = 0.25
EVERY_PLAIN_S = 10.0


class _Size(Protocol):
    @property
    def rate(self) -> float: ...
    @property
    def seconds(self) -> float: ...


def _state(field: Field) -> str:
    acked, answered = len(field.driver.acked), len(field.copyist.answered)
    return (
        f"{acked} turns stored, {answered} answered, {field.copyist.replies} replies, "
        f"{field.copyist.letters} dead letters, {field.driver.unsure} unsure sends"
    )


@contextmanager
def showing(field: Field, size: _Size, console: Console) -> Iterator[None]:
    """Show the run's state: a bar on a terminal, a line every ten seconds elsewhere."""
    bar = Progress(
        TextColumn("Load"),
        BarColumn(),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        watch = asyncio.create_task(_watch(field, size, bar, console), name="show")
        try:
            yield
        finally:
            watch.cancel()
    console.print(f"Load: {_state(field)}", soft_wrap=True)


async def _watch(field: Field, size: _Size, bar: Progress, console: Console) -> None:
    task = bar.add_task("", total=size.rate * size.seconds)
    while True:
        if console.is_terminal:
            bar.update(task, completed=len(field.driver.acked), description=_state(field))
            await asyncio.sleep(EVERY_S)
        else:
            await asyncio.sleep(EVERY_PLAIN_S)
            console.print(f"Load: {_state(field)}", soft_wrap=True)
