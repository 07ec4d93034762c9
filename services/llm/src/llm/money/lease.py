"""This worker's sign of life in Postgres: one row, renewed while it runs."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol
from uuid import UUID, uuid4

from llm.minding import minded
from worker.handler import Unavailable

log = logging.getLogger(__name__)

RENEW_EVERY_S = 2.0
LOST_AFTER_S = 8.0
"""The length of the lease (`llm.money.repository.LEASE`): then every claim may be taken over."""


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
    """Raises what keeps it from renewing once the lease has run out: the worker must end then.

    Not while Postgres is away: it takes no claim either, and the fallbacks still go out.
    """
    held_at = time.monotonic()
    while True:
        try:
            await owners.renew(owner)
            held_at = time.monotonic()
        except Unavailable as away:
            log.warning("the lease is not renewed: %s", away)
            held_at = time.monotonic()
        except Exception:
            log.exception("the lease is not renewed")
            if time.monotonic() - held_at > LOST_AFTER_S:
                raise
        await asyncio.sleep(RENEW_EVERY_S)
