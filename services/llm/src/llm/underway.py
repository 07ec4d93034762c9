"""Work on a turn that goes on when its worker loses the turn to a rebalance: it is being paid for.

A rebalance revokes everything from everybody. A call that is cut then is billed for its whole
prompt, and the next owner, often this worker again, pays for another. The claim keeps both apart:
the next owner waits for the answer, and tells it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from events.reply import Reply
from events.turn import Turn
from llm.models.failure import Closed
from worker.handler import Unavailable

log = logging.getLogger(__name__)

DEADLINE = "deadline"
"""The mark of a turn that has no time left for a call."""

LAST_S = 0.05
"""So close to its deadline a cancellation is the deadline's."""

GRACE_S = 1.0
"""How long after its deadline work is cut that nobody waits for any more."""

Key = tuple[str, str]
Task = asyncio.Task[Reply | None]


class Underway:
    """At most one piece of work a turn; a redelivery to the same worker joins the one under way."""

    def __init__(self) -> None:
        self._tasks: dict[Key, Task] = {}

    def of(self, turn: Turn) -> Task | None:
        """What is under way for a turn."""
        return self._tasks.get((turn.session_id, turn.turn_id))

    def begin(self, turn: Turn, work: Coroutine[Any, Any, Reply | None]) -> Task:
        """Begin the work on a turn of which none is under way."""
        key = turn.session_id, turn.turn_id
        task = self._tasks[key] = asyncio.create_task(work)
        task.add_done_callback(lambda _: self._tasks.pop(key))
        return task

    async def end(self) -> None:
        """Cut what is left: the process ends, and whoever is next need not wait for its lease."""
        left = list(self._tasks.values())
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left)


async def outcome(task: Task, until: float) -> Reply | None:
    """What the work comes to; `until` is the loop's time of the turn's deadline.

    Cancelled at the deadline, the work is cut. Cancelled before, it is left to itself. Raises what
    the work raises, Closed when somebody else has cut it.
    """
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        waiting = asyncio.current_task()
        if waiting is None or not waiting.cancelling():
            raise Closed(DEADLINE) from None
        _left(task, until)
        raise


def _left(task: Task, until: float) -> None:
    loop = asyncio.get_running_loop()
    if until - loop.time() < LAST_S:
        task.cancel()
        return
    log.info("a turn is finished for its next owner")
    task.add_done_callback(_heard)
    loop.call_at(until + GRACE_S, task.cancel)


def _heard(task: Task) -> None:
    """Nobody may be waiting for it: what it failed of is told here."""
    if task.cancelled() or (error := task.exception()) is None:
        return
    level = logging.INFO if isinstance(error, Closed | Unavailable) else logging.ERROR
    log.log(level, "work on a turn that is no longer ours has failed", exc_info=error)


@asynccontextmanager
async def open_underway() -> AsyncIterator[Underway]:
    """Work that is cut when the block ends."""
    underway = Underway()
    try:
        yield underway
    finally:
        await underway.end()
