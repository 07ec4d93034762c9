"""This worker's sign of life in Postgres: one row, renewed while it runs."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol
from uuid import UUID, uuid4

from llm.minding import minded
from worker.handler import Unavailable

log = logging.getLogger(__name__)

RENEW_EVERY_S = 2.0


class Owners(Protocol):
    """What the lease needs of the repository."""

    async def renew(self, owner: UUID) -> None:
        """See `llm.money.repository.Repository.renew`."""
        ...

    async def leave(self, owner: UUID) -> None:
        """See `llm.money.repository.Repository.leave`."""
        ...


@asynccontextmanager
async def held(owners: Owners) -> AsyncIterator[UUID]:
    """A new owner, alive for as long as the block lasts. Postgres may be away at first, or later:
    then nothing is claimed either, and a claim renews a lease that ran out."""
    owner = uuid4()
    async with minded("renewing the lease", _renewing(owners, owner)):
        yield owner
    try:
        await owners.leave(owner)
    except Unavailable as away:
        log.warning("the lease runs out by itself: %s", away)


async def _renewing(owners: Owners, owner: UUID) -> None:
    while True:
        try:
            await owners.renew(owner)
        except Unavailable as away:
            log.warning("the lease is not renewed: %s", away)
        await asyncio.sleep(RENEW_EVERY_S)
