"""Tells everybody each second which models may be asked, and how much quota is left."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from typing import Protocol

from events.control import Control, Kind
from llm.measure import breaker
from llm.minding import minded
from llm.models.model import Model

log = logging.getLogger(__name__)

EVERY_S = 1.0
EXPIRES_S = 5.0


class Posts(Protocol):
    """What the herald needs of the outlet."""

    async def control(self, entry: Control) -> None:
        """See `worker.outlet.Outlet.control`."""
        ...


def entries(models: Iterable[Model], by: str) -> Iterator[Control]:
    """Per model: 1 or 0 for its breaker (1 lets turns through), and the free share of its quota.

    A half-open breaker says 1: without turns it would never hear that the model is well again.
    """
    for model in models:
        breaker(model.name, is_open=model.closed)
        states = ((Kind.BREAKER, float(not model.closed)), (Kind.QUOTA, model.share_free))
        for kind, value in states:
            yield Control(
                kind=kind, subject=model.name, by=by, value=value, expires_after_s=EXPIRES_S
            )


@asynccontextmanager
async def heralding(posts: Posts, models: Iterable[Model], by: str) -> AsyncIterator[None]:
    """Post for as long as the block lasts. `by` names this worker."""
    async with minded("posting the state of the models", _posting(posts, tuple(models), by)):
        yield


async def _posting(posts: Posts, models: tuple[Model, ...], by: str) -> None:
    while True:
        for entry in entries(models, by):
            try:
                await posts.control(entry)
            except Exception:
                log.exception("the state of %s is not posted", entry.subject)
        await asyncio.sleep(EVERY_S)
