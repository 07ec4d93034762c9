"""What is happening, and how long it has taken so far."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class Step:
    """One step under way. `say` shows a detail of it, on a terminal only."""

    def __init__(self, progress: Progress, title: str) -> None:
        self._progress = progress
        self.title = title
        self._task = progress.add_task(title, total=None)

    def say(self, detail: str) -> None:
        """Show a detail behind the title."""
        self._progress.update(self._task, description=f"{self.title}: {detail}")

    def close(self) -> None:
        """Take the live line away."""
        self._progress.remove_task(self._task)


class Steps:
    """Prints a line for each finished step; on a terminal also a live line for each running one.

    `quiet` prints nothing, for tests.
    """

    def __init__(self, console: Console | None = None, *, quiet: bool = False) -> None:
        self.console = console or Console(stderr=True, quiet=quiet, highlight=False)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            TimeElapsedColumn(),
            console=self.console,
            transient=True,
        )
        self._running = 0

    @asynccontextmanager
    async def step(self, title: str) -> AsyncIterator[Step]:
        """Time a step. A step that fails is shown as failed and its exception goes on."""
        self._enter()
        step, began, mark = Step(self._progress, title), time.monotonic(), "[red]✗[/red]"
        try:
            yield step
            mark = "[green]✓[/green]"
        finally:
            step.close()
            self.console.print(f"{mark} {title} ({time.monotonic() - began:.1f} s)", soft_wrap=True)
            self._leave()

    def _enter(self) -> None:
        if self._running == 0 and self.console.is_terminal:
            self._progress.start()
        self._running += 1

    def _leave(self) -> None:
        self._running -= 1
        if self._running == 0 and self.console.is_terminal:
            self._progress.stop()
