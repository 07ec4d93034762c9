"""Asks the model in a thread of its own, so that the event loop never waits for an inference."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from classifier.model import Ask, Model, Posterior
from worker.batch import Batch

MOST = 16
"""Texts in one visit to the thread, about 20 ms: what waits meanwhile goes along in the next."""

SWITCH_INTERVAL_S = 0.0005
"""How long the event loop may keep the interpreter from an inference that has just ended. The
default of 5 ms is four times an inference: the thread would mostly wait."""


@asynccontextmanager
async def asking(model: Model) -> AsyncIterator[Ask]:
    """A function that awaits the posterior of a text; inference leaves the interpreter free.

    Texts share a visit to the thread, never an inference: each is inferred alone, so that its
    posterior depends on nothing but itself.
    """
    loop = asyncio.get_running_loop()
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    with ThreadPoolExecutor(1, thread_name_prefix="model") as thread:

        def each(texts: Sequence[str]) -> list[Posterior]:
            return [model.posterior(text) for text in texts]

        async def visit(texts: Sequence[str]) -> list[Posterior]:
            return await loop.run_in_executor(thread, each, texts)

        try:
            yield Batch(visit, MOST)
        finally:
            sys.setswitchinterval(before)
