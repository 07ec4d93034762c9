"""Running an asynchronous command so that it ends cleanly, however it is told to end."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

from devkit.errors import DevkitError

T = TypeVar("T")
TOLD_TO_END = 128 + signal.SIGTERM


def run(work: Coroutine[Any, Any, T]) -> T:
    """`asyncio.run`, where SIGTERM and SIGHUP cancel the work as Ctrl-C does.

    What the work holds open is closed before this returns. Raises KeyboardInterrupt after Ctrl-C
    and DevkitError with exit code 143 after the others. A second Ctrl-C waits for nothing; the
    stack's guard then ends what is left.
    """
    return asyncio.run(_cancellable(work))


async def _cancellable(work: Coroutine[Any, Any, T]) -> T:
    task = asyncio.ensure_future(work)
    told: list[signal.Signals] = []
    loop = asyncio.get_running_loop()

    def end(number: signal.Signals) -> None:
        told.append(number)
        task.cancel()

    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, end, number)
    try:
        return await task
    except asyncio.CancelledError:
        if told:
            raise DevkitError(f"Ended by {told[0].name}.", exit_code=TOLD_TO_END) from None
        raise
