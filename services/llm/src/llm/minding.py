"""A task that runs beside the work for as long as a block lasts."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

log = logging.getLogger(__name__)


class Ended(Exception):
    """A task that must not end has ended."""


@asynccontextmanager
async def minded(name: str, work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Cancelled at the end of the block. Ended before, it ends the block: raises Ended there.

    So a worker without its lease does not go on looking well: its process fails, and is started
    anew.
    """
    owner = asyncio.current_task()
    task = asyncio.create_task(work, name=name)

    def ended(_: "asyncio.Task[None]") -> None:
        log.error("%s has ended by itself", name, exc_info=_error(task))
        if owner is not None:
            owner.cancel()

    task.add_done_callback(ended)
    try:
        yield
    except asyncio.CancelledError:
        if task.done() and owner is not None and owner.uncancel() == 0:
            raise Ended(f"{name} has ended by itself") from _error(task)
        raise
    finally:
        task.remove_done_callback(ended)
        task.cancel()
        await asyncio.wait((task,))


def _error(task: "asyncio.Task[None]") -> BaseException | None:
    return None if task.cancelled() else task.exception()
