"""Work that outlives the turn it comes from: what must be written to the books, sooner or later."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from worker.handler import Unavailable

log = logging.getLogger(__name__)

AGAIN_S = 1.0
LAST_S = 0.5
"""At the end of the process so long is waited for what is under way."""

MOST = 600
"""Tries, ten minutes. What is lost then, `tierwise money reconcile` finds."""


class Chores:
    """Tasks of their own: the cancellation of a turn does not reach them, nor do they hold it."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, work: Callable[[], Awaitable[object]]) -> None:
        """Do it now, and again every second until it is done, ten minutes long."""
        task = asyncio.create_task(_until_done(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        """Give them half a second, then leave them to the reconciliation."""
        if not self._tasks:
            return
        _, left = await asyncio.wait(self._tasks, timeout=LAST_S)
        for task in left:
            task.cancel()
        if left:
            log.warning("%d calls are left to be reconciled", len(left))


async def _until_done(work: Callable[[], Awaitable[object]]) -> None:
    for _ in range(MOST):
        try:
            await work()
            return
        except Unavailable as away:
            log.warning("to be written later: %s", away)
        except Exception:
            # A deadlock or a failover passes; a bug is told of at each try.
            log.exception("to be written later")
        await asyncio.sleep(AGAIN_S)
    log.error("given up after %d tries: it is left to be reconciled", MOST)


@asynccontextmanager
async def open_chores() -> AsyncIterator[Chores]:
    """Chores that are given their half second when the block ends."""
    chores = Chores()
    try:
        yield chores
    finally:
        await chores.end()
