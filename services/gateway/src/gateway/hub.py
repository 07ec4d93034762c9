"""Who listens to which session. Nothing here grows with a client that does not read."""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

MAX_WAITING = 64


@dataclass(frozen=True, slots=True)
class Event:
    """One server-sent event. `id` is the position of a reply, None for a preview."""

    name: str
    data: str
    id: str | None = None


class Subscription:
    """What one client still has to get: at most 64 live events, then it is cut off."""

    def __init__(self, backlog: list[Event]) -> None:
        self._waiting = deque(backlog)
        self._limit = len(backlog) + MAX_WAITING
        self._changed = asyncio.Event()
        self._ended = False
        self.too_slow = False

    def offer(self, event: Event) -> None:
        """Queue an event. A client with too many waiting is ended: it resumes by its last id."""
        if len(self._waiting) >= self._limit:
            self.too_slow = True
            self.end()
            return
        self._waiting.append(event)
        self._changed.set()

    def end(self) -> None:
        """Let the stream end at once, without what still waits."""
        self._ended = True
        self._waiting.clear()
        self._changed.set()

    async def next(self, until_s: float) -> Event | None:
        """The next event; None at the end, or at the time `until_s` (seconds since the epoch)."""
        try:
            async with asyncio.timeout(max(0.0, until_s - time.time())):
                while not self._waiting and not self._ended:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return None
        return self._waiting.popleft() if self._waiting else None


class Hub:
    """Hands events to every client of a session, until it is closed for shutdown."""

    def __init__(self) -> None:
        self._listening: defaultdict[str, set[Subscription]] = defaultdict(set)
        self.closing = asyncio.Event()

    def count(self, session_id: str) -> int:
        """How many clients listen to a session."""
        return len(self._listening.get(session_id, ()))

    def publish(self, session_id: str, event: Event) -> None:
        """Offer an event to the session's clients."""
        for subscription in tuple(self._listening.get(session_id, ())):
            subscription.offer(event)

    @contextmanager
    def listening(self, session_id: str, subscription: Subscription) -> Iterator[None]:
        """Receive the session's events while inside."""
        self._listening[session_id].add(subscription)
        if self.closing.is_set():
            subscription.end()
        try:
            yield
        finally:
            self._listening[session_id].discard(subscription)
            if not self._listening[session_id]:
                del self._listening[session_id]

    def close(self) -> None:
        """End every stream."""
        self.closing.set()
        for subscriptions in self._listening.values():
            for subscription in subscriptions:
                subscription.end()
