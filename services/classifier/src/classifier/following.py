"""Reads `chat.control` to its end, and on; starts again by itself when the broker goes away."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bus.port import Bus, Consumer, Unreachable, Unsure
from classifier.controls import Controls
from events.topics import CONTROL

log = logging.getLogger(__name__)

PAUSE_S = 1.0
POLL_S = 0.5
FIRST_READ_S = 5.0
"""How long the first turn waits for the switches: without them it could go where none should."""


@asynccontextmanager
async def following(bus: Bus, controls: Controls) -> AsyncIterator[None]:
    """Keep `controls` up to date while the context is open.

    Enters once the topic has been read to its end, or after five seconds: a broker that is away
    keeps no worker from starting.
    """
    read = asyncio.Event()
    task = asyncio.create_task(_for_ever(bus, controls, read), name="controls")
    try:
        async with asyncio.timeout(FIRST_READ_S):
            await read.wait()
    except TimeoutError:
        log.warning("going on without %s: it was not read in %.0f s", CONTROL, FIRST_READ_S)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait((task,))


async def _for_ever(bus: Bus, controls: Controls, read: asyncio.Event) -> None:
    while True:
        try:
            async with bus.tail(CONTROL, since_ms=0) as consumer:
                await _entries(consumer, controls, read)
        except (Unreachable, Unsure) as away:
            log.warning("reading %s stopped: %s. It starts again", CONTROL, away)
        except Exception:
            log.exception("reading %s failed. It starts again", CONTROL)
        await asyncio.sleep(PAUSE_S)


async def _entries(consumer: Consumer, controls: Controls, read: asyncio.Event) -> None:
    while True:
        for record in await consumer.poll(timeout_s=POLL_S):
            controls.saw(record)
        behind = (await consumer.lag()).values() if not read.is_set() else ()
        if behind and not any(behind):
            read.set()
