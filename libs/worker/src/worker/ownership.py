"""What this member owns: trackers per partition, commits, and the fence at a rebalance."""

import asyncio
import logging
from collections.abc import Collection

from bus.port import Consumer, NotMine, Unsure
from bus.record import Partition
from telemetry import metrics
from telemetry.names import Attribute
from worker.lanes import Lanes
from worker.tracker import Tracker

log = logging.getLogger(__name__)

REVOKE_COMMIT_S = 0.5


class Ownership:
    """The listener of a group member. Its callbacks return in under a second."""

    def __init__(self, service: str, lanes: Lanes) -> None:
        self._service = service
        self._lanes = lanes
        self._trackers: dict[Partition, Tracker] = {}
        self._stored: dict[Partition, int] = {}
        self.consumer: Consumer | None = None
        self.joined = False

    async def assigned(self, partitions: Collection[Partition]) -> None:
        """Start a new tracker each: offsets of an earlier ownership count no more."""
        metrics.rebalances.add(1, {Attribute.GROUP: self._service})
        self._trackers = {place: Tracker() for place in partitions}
        self._stored = {}
        self.joined = True
        log.info("%s owns %d partitions", self._service, len(partitions))

    async def revoked(self, partitions: Collection[Partition]) -> None:
        """Fence: cancel the work, commit what is finished, and never wait for more."""
        self._lanes.drop(partitions)
        try:
            async with asyncio.timeout(REVOKE_COMMIT_S):
                await self.commit()
        except TimeoutError:
            log.warning("the last commit before a rebalance took too long: work will be repeated")
        self._trackers = {}
        self.joined = False

    def tracker(self, place: Partition) -> Tracker | None:
        """The tracker of a partition, or None when it is no longer ours."""
        return self._trackers.get(place)

    @property
    def places(self) -> Collection[Partition]:
        """The partitions owned now."""
        return list(self._trackers)

    async def commit(self) -> None:
        """Commit every mark that moved. What cannot be committed will be done again."""
        marks = {place: t.mark for place, t in self._trackers.items() if t.mark is not None}
        moved = {place: mark for place, mark in marks.items() if self._stored.get(place) != mark}
        if not moved or self.consumer is None:
            return
        try:
            await self.consumer.commit(moved)
        except NotMine as lost:
            log.info("not committed, the partitions have moved on: %s", lost)
        except Unsure as unsure:
            log.warning("%s", unsure)
        else:
            self._stored |= moved
