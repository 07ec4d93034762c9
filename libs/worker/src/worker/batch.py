"""Many calls in one statement: what arrives while a statement is under way goes in the next one.

Alone, a call is not delayed; under load, the round trips are shared. There is no timer to tune.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

MOST = 256
"""Calls in one statement: bounds its duration, and with it what a caller waits."""


class Batch(Generic[T, R]):
    """Turns `many`, a function of a list of at most `most` items, into one of a single item.

    Where a shared statement fails, each of its items is tried by itself, so that one caller's bad
    value is one caller's error.
    """

    def __init__(
        self, many: Callable[[Sequence[T]], Awaitable[Sequence[R]]], most: int = MOST
    ) -> None:
        self._many = many
        self._most = most
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, item: T) -> R:
        """The result of one item. Raises what `many` raises for it."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run(), name="batch")
        return await future

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            await self._shared([entry for entry in batch if not entry[1].cancelled()])

    async def _shared(self, batch: list[tuple[T, asyncio.Future[R]]]) -> None:
        if not batch:
            return
        try:
            results = await self._many([item for item, _ in batch])
            for (_, future), result in zip(batch, results, strict=True):
                if not future.done():
                    future.set_result(result)
        except Exception as error:
            await self._apart(batch, error)
        except asyncio.CancelledError:
            for _, future in batch:
                future.cancel()
            raise

    async def _apart(self, batch: list[tuple[T, asyncio.Future[R]]], error: Exception) -> None:
        if len(batch) == 1:
            _, future = batch[0]
            if not future.done():
                future.set_exception(error)
            return
        for entry in batch:
            await self._shared([entry])
