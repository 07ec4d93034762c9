"""A task that runs beside the reading for as long as a block lasts."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from worker.health import Check

log = logging.getLogger(__name__)


@asynccontextmanager
async def beside(name: str, work: Coroutine[Any, Any, None]) -> AsyncIterator[Check]:
    """Cancelled at the end of the block. One that ends before has failed: that is logged at once,
    and told by the check that is given, so that the process is restarted."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_said)
    try:
        yield lambda: f"{name} has ended by itself" if task.done() else None
    finally:
        task.cancel()
        await asyncio.wait((task,))


def _said(task: "asyncio.Task[None]") -> None:
    if not task.cancelled():
        log.error("%s has ended by itself", task.get_name(), exc_info=task.exception())
