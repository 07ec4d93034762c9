"""Work on a turn that goes on when its worker loses the turn to a rebalance: it is being paid for.

A rebalance revokes everything from everybody. A call that is cut then is billed for its whole
prompt, and the next owner, often this worker again, pays for another. The claim keeps both apart:
the next owner waits for the answer, and tells it. Work that only waits for a place has no claim and
costs nothing: it is cut.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from events.reply import Reply
from events.turn import Turn
from llm.models.failure import Closed
from worker.blame import blamed, trail
from worker.handler import Unavailable

log = logging.getLogger(__name__)

DEADLINE = "deadline"
"""The mark of a turn that has no time left for a call."""

LAST_S = 0.05
"""So close to its deadline a cancellation is the deadline's."""

GRACE_S = 1.0
"""How long after its deadline work is cut that nobody waits for any more."""

CUT_S = 0.5
"""So long work has to end that is cut at the end of the process."""

Key = tuple[str, str]
Task = asyncio.Task[Reply | None]


@dataclass(eq=False)
class Work:
    """The work on one turn. `kept` says that it goes on without us: it has its place by then."""

    task: Task
    kept: bool = False
    left: bool = False

    async def outcome(self, until: float) -> Reply | None:
        """What it comes to; `until` is the loop's time of the turn's deadline.

        Cancelled before the deadline, what is kept is left to itself; anything else is cut. Raises
        what the work raises, Closed when somebody else has cut it.
        """
        try:
            await asyncio.wait((self.task,))
        except asyncio.CancelledError:
            self._leave(until)
            raise
        if self.task.cancelled():
            raise Closed(DEADLINE)
        return self.task.result()

    def _leave(self, until: float) -> None:
        loop = asyncio.get_running_loop()
        if not self.left:
            self.left = True
            timer = loop.call_at(until + GRACE_S, self.task.cancel)
            self.task.add_done_callback(lambda _: timer.cancel())
            self.task.add_done_callback(_heard)
        if not self.kept or until - loop.time() < LAST_S:
            self.task.cancel()
        elif not self.task.done():
            log.info("a turn is finished for its next owner")


def _heard(task: Task) -> None:
    """Nobody may be waiting for it: what it failed of is told here."""
    if task.cancelled() or (error := task.exception()) is None:
        return
    if isinstance(error, Closed | Unavailable):
        log.info("a turn that is no longer ours is not finished: %s", blamed(error))
        return
    log.error("a turn that is no longer ours: %s\n%s", blamed(error), trail(error))


class Underway:
    """At most one piece of work a turn; a redelivery to the same worker joins the one under way."""

    def __init__(self) -> None:
        self._works: dict[Key, Work] = {}

    def of(self, turn: Turn) -> Work | None:
        """What is under way for a turn, unless it is being cut."""
        work = self._works.get(_key(turn))
        return work if work and not work.task.cancelling() else None

    def begin(self, turn: Turn, work: Coroutine[Any, Any, Reply | None]) -> Work:
        """Begin the work on a turn of which none is under way."""
        key, begun = _key(turn), Work(asyncio.create_task(work))
        self._works[key] = begun
        begun.task.add_done_callback(lambda _: self._ended(key, begun))
        return begun

    def keep(self, turn: Turn) -> None:
        """Said by the work itself: from here on it is finished, whoever has the turn."""
        self._works[_key(turn)].kept = True

    async def finish(self, within_s: float) -> None:
        """Wait so many seconds at most for what is under way; not at all where nothing is."""
        if tasks := self._tasks():
            log.info("%d turns are finished before the end", len(tasks))
            await asyncio.wait(tasks, timeout=within_s)

    async def end(self) -> None:
        """Cut what is left: the process ends, and whoever is next need not wait for its lease."""
        tasks = self._tasks()
        for task in tasks:
            task.cancel()
        if tasks and (await asyncio.wait(tasks, timeout=CUT_S))[1]:
            log.warning("not all work has ended within %.1f s: it is left behind", CUT_S)

    def _tasks(self) -> list[Task]:
        return [work.task for work in self._works.values()]

    def _ended(self, key: Key, work: Work) -> None:
        if self._works.get(key) is work:
            del self._works[key]


def _key(turn: Turn) -> Key:
    return turn.session_id, turn.turn_id


@asynccontextmanager
async def open_underway() -> AsyncIterator[Underway]:
    """Work that is cut when the block ends."""
    underway = Underway()
    try:
        yield underway
    finally:
        await underway.end()
