"""Everything a worker publishes, each message until the broker has acknowledged it."""

import logging

from bus.port import Producer, Unsure
from bus.record import Receipt, Record
from events import topics
from events.handoff import Handoff
from events.reply import Reply
from events.turn import Turn
from events.wire import Message, encode
from telemetry import messaging, metrics
from telemetry.names import Attribute
from worker.clock import BrokerClock
from worker.deadletter import letter

log = logging.getLogger(__name__)


class Outbox:
    """Publishes routes, replies and dead letters for one service."""

    def __init__(self, service: str, out: Producer, dead: Producer, clock: BrokerClock) -> None:
        self._service = service
        self._out = out
        self._dead = dead
        self._clock = clock

    @property
    def healthy(self) -> bool:
        """Whether both producers work."""
        return self._out.healthy and self._dead.healthy

    async def route(self, turn: Turn) -> None:
        """Publish a routed turn to the tier its path ends with. Raises TooLarge."""
        await self._publish(topics.tier_topic(turn.path[-1]), encode(turn, self._service))

    async def reply(self, reply: Reply) -> None:
        """Publish a terminal reply. Raises TooLarge."""
        await self._publish(topics.EGRESS, encode(reply, self._service))

    async def handoff(self, packet: Handoff) -> None:
        """Publish a packet for the person's desk. Raises TooLarge."""
        await self._publish(topics.HANDOFF, encode(packet, self._service))

    async def again(self, record: Record) -> None:
        """Publish a record's bytes once more under its key, to the partition it belongs to."""
        message = Message(record.key or b"", record.value or b"", record.headers)
        # The door takes records up to the broker's limit: the dead letters' producer does too.
        await self._until_stored(self._dead, record.topic, message, traced=True)

    async def bury(self, record: Record, reason: str, detail: str) -> None:
        """Dead-letter a record. Its trace context stays the original one."""
        message = letter(record, service=self._service, reason=reason, detail=detail)
        log.warning("dead letter from %s: %s: %s", record.place, reason, detail)
        await self._until_stored(self._dead, topics.DLQ, message, traced=False)
        metrics.dead_letters.add(1, {Attribute.REASON: reason, Attribute.SERVICE: self._service})

    async def _publish(self, topic: str, message: Message) -> None:
        receipt = await self._until_stored(self._out, topic, message, traced=True)
        self._clock.saw(receipt.timestamp_ms)

    async def _until_stored(
        self, producer: Producer, topic: str, message: Message, *, traced: bool
    ) -> Receipt:
        """Send until acknowledged. A time-out means unknown, so a repeat may double the message."""
        while True:
            try:
                if traced:
                    return await messaging.send(producer, topic, message)
                return await producer.send(topic, message)
            except Unsure as unsure:
                log.warning("sending again: %s", unsure)
