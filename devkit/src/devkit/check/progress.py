"""Samples where the consumer groups stand, once a second."""

import asyncio

from bus.standing import Standings
from devkit.check.account import Sample
from devkit.check.driver import now_ms
from devkit.check.history import Log
from events.tier import Tier
from events.topics import INGRESS, tier_topic

GROUPS = {
    "classifier": INGRESS,
    "template": tier_topic(Tier.TEMPLATE),
    "order": tier_topic(Tier.ORDER),
}
EVERY_S = 1.0


async def sample(bootstrap: str, log: Log, every_s: float = EVERY_S) -> None:
    """Sample for ever. While no broker answers there is no sample: the time still counts."""
    async with Standings(bootstrap) as standings:
        while True:
            for group, topic in GROUPS.items():
                standing = await standings.of(group, topic)
                if standing:
                    committed, lag = standing
                    log.append(Sample(at_ms=now_ms(), group=group, committed=committed, lag=lag))
            await asyncio.sleep(every_s)
