"""The contract of a handler: the one function a tier writes.

    async def handle(turn: Turn, *, <its own dependencies>) -> Outcome

A handler answers (`Reply`) or hands on (`Route`). It never names a topic, publishes, commits,
retries, sleeps or reads the environment: the runtime does. It may be called again for the same turn
after a crash, so it is idempotent per `turn_id`. On purpose it raises only the two failures below;
anything else is a bug: logged with its traceback, counted, dead-lettered, and the customer hears an
apology. Cancellation passes through and commits nothing.
"""

from collections.abc import Awaitable, Callable

from events.reply import Reply
from events.route import Route
from events.turn import Turn

Outcome = Reply | Route
Handler = Callable[[Turn], Awaitable[Outcome]]

Prepare = Callable[[Turn], Awaitable[Turn]]
"""What a worker does to a turn before it is handled, the same rules as for a handler: the turn as
it then goes on. The classifier ends what a session remembers and an event has ended."""


async def as_it_is(turn: Turn) -> Turn:
    """Prepare nothing."""
    return turn


class Rejected(Exception):
    """Poison: the turn can never be handled. Dead-lettered at once, answered `refused`.

    `reason` is a stable code, documented in docs/frontends.md; the message says what was wrong.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class Unavailable(Exception):
    """A dependency is away: retried within the turn's patience, then the fallback goes out.

    `dependency` is a short name (`postgres`, `qdrant`, …): it becomes the reply's `degraded` mark.
    """

    def __init__(self, dependency: str, detail: str = "") -> None:
        super().__init__(detail or f"{dependency} is away")
        self.dependency = dependency
