"""How far each partition is read and booked. Pure.

faust's own acknowledgements are off: it acknowledges, and later commits, a record whose work was
cancelled (see docs/adr/0018). What is committed here are offsets below which every record is in
the books.
"""

from collections.abc import Iterable


class Positions:
    """Offsets by partition, each the next one: to be read, to be booked, to be read after a
    restart. Records of a partition are booked in the order in which they were read."""

    def __init__(self) -> None:
        self._read: dict[int, int] = {}
        self._booked: dict[int, int] = {}
        self._committed: dict[int, int] = {}

    def assigned(self) -> None:
        """Partitions were dealt anew: each is read on from wherever its group stands."""
        self._read.clear()

    def read(self, partition: int, offset: int) -> bool:
        """Take note of a record; False when one before it was never handed out.

        Offsets of `chat.egress` are without gaps: nothing is compacted and nothing transactional.
        Going back is normal after partitions were dealt anew.
        """
        expected = self._read.get(partition, offset)
        if offset > expected:
            return False
        self._read[partition] = offset + 1
        return True

    def booked(self, places: Iterable[tuple[int, int]]) -> None:
        """These records, as partition and offset, are in the books."""
        for partition, offset in places:
            self._booked[partition] = offset + 1

    def due(self) -> dict[int, int]:
        """What is booked and not committed yet."""
        return {
            partition: offset
            for partition, offset in self._booked.items()
            if self._committed.get(partition) != offset
        }

    def committed(self, offsets: dict[int, int]) -> None:
        """The broker has stored these."""
        self._committed.update(offsets)

    def at(self, partition: int) -> int | None:
        """The next offset to be booked of a partition, None before its first record."""
        return self._booked.get(partition)
