"""A task that runs beside the work for as long as a block lasts."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

log = logging.getLogger(__name__)


@asynccontextmanager
async def minded(name: str, work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Cancelled at the end of the block. Ended before, it has failed: that is logged at once."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_said)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait((task,))


def _said(task: "asyncio.Task[None]") -> None:
    if not task.cancelled():
        log.error("%s has ended by itself", task.get_name(), exc_info=task.exception())
