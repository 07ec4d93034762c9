"""What a worker says beside its replies: previews of a text being written, and control entries.

On a producer of its own: a retried preview must not hold up a reply.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bus.kafka import KafkaBus
from bus.port import Bus, Producer, Unsure
from events import topics
from events.control import Control
from events.preview import Preview
from events.wire import encode
from telemetry import messaging

log = logging.getLogger(__name__)

SEND_TIMEOUT_S = 2.0


class Outlet:
    """Publishes previews and control entries for one service. What is lost is not said again."""

    def __init__(self, service: str, producer: Producer) -> None:
        self._service = service
        self._producer = producer

    async def preview(self, preview: Preview) -> bool:
        """Show one sentence; False when the broker did not take it: then show no later one."""
        message = encode(preview, self._service)
        try:
            await messaging.send(self._producer, topics.STREAM, message, timeout_s=SEND_TIMEOUT_S)
        except Unsure as unsure:
            log.warning("a preview may be lost: %s", unsure)
            return False
        return True

    async def control(self, entry: Control) -> None:
        """Post one control entry. The next one follows within a second, so a miss is only noted."""
        message = encode(entry, self._service)
        try:
            await self._producer.send(topics.CONTROL, message, timeout_s=SEND_TIMEOUT_S)
        except Unsure as unsure:
            log.warning("a control entry may be lost: %s", unsure)


@asynccontextmanager
async def open_outlet(kafka: str | Bus, service: str) -> AsyncIterator[Outlet]:
    """An outlet of its own connection, to a broker's address or on a bus."""
    bus = KafkaBus(kafka) if isinstance(kafka, str) else kafka
    async with bus.producer(f"{service}-side") as producer:
        yield Outlet(service, producer)
