"""Long work shows where it is: one bar a stage, with the time that is left."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

Made = TypeVar("Made")


class Progress(AbstractContextManager["Progress"]):
    """Bars on a console; `step` moves the one of the stage that is open."""

    def __init__(self, console: Console) -> None:
        self._bars = Bars(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._open = self._bars.add_task("Start", total=1, visible=False)

    def __enter__(self) -> "Progress":
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()

    @contextmanager
    def stage(self, title: str, total: int) -> Iterator[None]:
        """A stage of so many steps. Where nobody looks at bars, a line says that it is over."""
        self._open = self._bars.add_task(title, total=total)
        begun = time.monotonic()
        yield
        self._bars.update(self._open, completed=total)
        if not self._bars.console.is_terminal:
            self._bars.console.print(f"{title}: {time.monotonic() - begun:.0f} s")

    def step(self, count: int = 1) -> None:
        """So many steps of the open stage are done."""
        self._bars.advance(self._open, count)

    def counted(
        self, title: str, total: int, work: Callable[[Sequence[int]], Made]
    ) -> Callable[[Sequence[int]], Made]:
        """The same work as a stage of its own."""

        def staged(numbers: Sequence[int]) -> Made:
            with self.stage(title, total):
                return work(numbers)

        return staged
