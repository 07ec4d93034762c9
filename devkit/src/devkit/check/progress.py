"""Samples where the consumer groups stand, once a second."""

import asyncio
from collections.abc import Iterable, Sequence

from bus.standing import Standings
from devkit.check.account import Sample
from devkit.check.driver import now_ms
from devkit.check.history import Log
from events.tier import Tier
from events.topics import INGRESS, tier_topic

TOPICS = {"classifier": INGRESS} | {tier.value: tier_topic(tier) for tier in Tier}
"""What each worker's group consumes. The ledger's is not watched: it may wait for Postgres."""

EVERY_S = 1.0


def watched(services: Iterable[str]) -> tuple[str, ...]:
    """The groups of these services whose progress is judged."""
    return tuple(name for name in services if name in TOPICS)


async def sample(bootstrap: str, groups: Sequence[str], log: Log, every_s: float = EVERY_S) -> None:
    """Sample for ever. While no broker answers there is no sample: the time still counts."""
    async with Standings(bootstrap) as standings:
        while True:
            for group in groups:
                standing = await standings.of(group, TOPICS[group])
                if standing:
                    committed, lag = standing
                    log.append(Sample(at_ms=now_ms(), group=group, committed=committed, lag=lag))
            await asyncio.sleep(every_s)
