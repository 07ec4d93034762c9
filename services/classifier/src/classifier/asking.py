"""Asks the model in a thread of its own, one turn at a time, so that the event loop never waits."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from classifier.desk import Ask
from classifier.model import Model, Posterior


@asynccontextmanager
async def asking(model: Model) -> AsyncIterator[Ask]:
    """A function that awaits the posterior of a text; inference leaves the interpreter free."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, thread_name_prefix="model") as thread:

        async def ask(text: str) -> Posterior:
            return await loop.run_in_executor(thread, model.posterior, text)

        yield ask
