"""Waiting for what must come: for itself, and for as long as a busy machine takes."""

import asyncio
from collections.abc import Callable

WITHIN_S = 10.0


async def until(true: Callable[[], object], within_s: float = WITHIN_S) -> None:
    """Wait until it is true. Raises TimeoutError."""
    async with asyncio.timeout(within_s):
        while not true():
            await asyncio.sleep(0.005)
