"""Around a record that aiokafka cannot decode: a header's name that is not UTF-8.

aiokafka raises while it unpacks a batch, loses the records unpacked before, and raises again at the
same place for ever. So every partition is set back to what was handed out last and read one record
at a time: the one that raises is handed on as broken, and skipped. What stands behind it in the
same batch, which is one producer's, cannot be reached either and is handed on as broken too.
"""

from collections.abc import AsyncIterator

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from bus.record import Record

LOOK_MS = 1_000
"""How long one partition with records waiting may take to be fetched again."""

REASON = "its batch holds a header whose name is not UTF-8"


class Places:
    """The next offset of each partition, as far as records were handed out."""

    def __init__(self, kafka: AIOKafkaConsumer, *, grouped: bool) -> None:
        self._kafka = kafka
        self._grouped = grouped
        self._next: dict[TopicPartition, int] = {}

    def forget(self) -> None:
        """After a rebalance or a seek the client's own positions hold."""
        self._next.clear()

    def saw(self, raw: ConsumerRecord) -> None:
        """A record is handed out."""
        self._next[TopicPartition(raw.topic, raw.partition)] = raw.offset + 1

    async def one_each(self) -> AsyncIterator[ConsumerRecord | Record]:
        """At most one record of each partition: as it came, or broken."""
        for place in self._kafka.assignment():
            at = await self._stand(place)
            high = self._kafka.highwater(place)
            if high is not None and at >= high:
                continue
            try:
                found = await self._kafka.getmany(place, timeout_ms=LOOK_MS, max_records=1)
            except UnicodeDecodeError:
                self._kafka.seek(place, at + 1)
                self._next[place] = at + 1
                yield Record(place.topic, place.partition, at, 0, None, None, {}, broken=REASON)
                continue
            for raw in found.get(place, ()):
                yield raw
                # What was fetched along with it must not be unpacked in one go.
                self._kafka.seek(place, raw.offset + 1)

    async def _stand(self, place: TopicPartition) -> int:
        """Set a partition back to what was handed out last; else to what is committed."""
        at = self._next.get(place)
        if at is None and self._grouped:
            at = await self._kafka.committed(place)
        if at is None:
            at = (await self._kafka.beginning_offsets([place]))[place]
        self._kafka.seek(place, at)
        return int(at)
