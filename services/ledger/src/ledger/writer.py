"""Writes what was read into the books, batch by batch, in the order in which it was read."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from ledger.book import Entry, Place, firsts
from ledger.positions import Positions
from worker.handler import Unavailable

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0

Book = Callable[[Sequence[Entry]], Awaitable[set[tuple[str, str]]]]
"""Writes entries of different turns, returns the turns that were new. Raises Unavailable."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A record that was read: its place, and its entry where it could be read as a reply."""

    place: Place
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a batch: entries that were new, and how many were booked before or refused."""

    new: list[Entry]
    again: int
    refused: int


Told = Callable[[Written], None]


class Writer:
    """A queue before the books. While Postgres is away it fills, and then nothing more is read."""

    def __init__(self, book: Book, told: Told, positions: Positions, batch: int) -> None:
        self._book = book
        self._told = told
        self._positions = positions
        self._batch = batch
        self._queue: asyncio.Queue[Taken] = asyncio.Queue(maxsize=2 * batch)
        self.away: str | None = None
        """Why the books cannot be written at the moment."""

    @property
    def waiting(self) -> int:
        """Records in the queue."""
        return self._queue.qsize()

    async def take(self, taken: Taken) -> None:
        """Put a record into the queue, as soon as there is room."""
        await self._queue.put(taken)

    async def run(self) -> None:
        """Write until cancelled. What is not written then is not committed either."""
        while True:
            batch = await self._next()
            self._told(await self._write([taken.entry for taken in batch if taken.entry]))
            self._positions.booked((one.place.partition, one.place.offset) for one in batch)
            for _ in batch:
                self._queue.task_done()

    async def drained(self) -> None:
        """Wait until all that was taken is written."""
        await self._queue.join()

    async def _next(self) -> list[Taken]:
        """What waits, at least one: while a batch is written the next one gathers."""
        batch = [await self._queue.get()]
        while len(batch) < self._batch and not self._queue.empty():
            batch.append(self._queue.get_nowait())
        return batch

    async def _write(self, entries: list[Entry]) -> Written:
        wanted = firsts(entries)
        refused: list[Entry] = []
        new = await self._booked(wanted, refused) if wanted else set()
        again = len(entries) - len(new) - len(refused)
        return Written([entry for entry in wanted if entry.turn in new], again, len(refused))

    async def _booked(self, entries: list[Entry], refused: list[Entry]) -> set[tuple[str, str]]:
        """Book entries; what Postgres refuses for good is found by halves, so that it stops nothing
        else, and put into `refused`."""
        try:
            return await self._patiently(entries)
        except Exception:
            if len(entries) == 1:
                log.exception("turn %s cannot be booked", entries[0].turn[1])
                refused.extend(entries)
                return set()
        middle = len(entries) // 2
        first = await self._booked(entries[:middle], refused)
        return first | await self._booked(entries[middle:], refused)

    async def _patiently(self, entries: Sequence[Entry]) -> set[tuple[str, str]]:
        """Book entries, however long Postgres is away. Raises what it refuses them with."""
        pause = FIRST_PAUSE_S
        while True:
            try:
                new = await self._book(entries)
            except Unavailable as away:
                if self.away is None:
                    log.warning("nothing is booked for now: %s", away)
                self.away = str(away)
            else:
                self.away = None
                return new
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)
