"""The port: what a bus does, whichever broker is behind it. One test suite holds all to it."""

from collections.abc import Collection, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bus.record import Partition, Receipt, Record
from events.wire import Message


class TooLarge(ValueError):
    """The message is over the size cap: it was not sent. Make it smaller."""


class Unsure(Exception):
    """The broker did not answer in time: the message may or may not have been stored."""


class Unreachable(ConnectionError):
    """No broker answers: nothing was opened. Try again later, or check the address."""


class NotMine(Exception):
    """A commit for a partition that this member no longer owns: nothing was committed."""


class Producer(Protocol):
    """Sends messages, each acknowledged by all in-sync replicas."""

    async def send(self, topic: str, message: Message, *, timeout_s: float = 10.0) -> Receipt:
        """Send one message to the partition of its key.

        Raises TooLarge before anything is sent, Unsure when no acknowledgement came in time.
        """
        ...

    @property
    def healthy(self) -> bool:
        """False while the connection is being rebuilt after a fatal error."""
        ...


class Listener(Protocol):
    """Told of what a consumer owns. Both return at once: never wait for work in them."""

    async def assigned(self, partitions: Collection[Partition]) -> None:
        """These are ours from now on."""
        ...

    async def revoked(self, partitions: Collection[Partition]) -> None:
        """These will be somebody else's when this returns."""
        ...


class Consumer(Protocol):
    """Reads records of the partitions it was given."""

    async def poll(self, *, limit: int = 256, timeout_s: float = 0.5) -> list[Record]:
        """The next records of all partitions, each partition in order; empty after the time-out."""
        ...

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Store the next offset to read of each partition. Raises NotMine, or Unsure."""
        ...

    async def seek(self, offsets: Mapping[Partition, int]) -> None:
        """Read on from these offsets."""
        ...

    async def lag(self) -> dict[Partition, int]:
        """Records not yet polled, by partition owned; one not fetched from yet is left out."""
        ...


class Bus(Protocol):
    """Opens producers and consumers. Leaving their context closes them within a bounded time.

    Opening raises Unreachable when no broker answers.
    """

    def producer(
        self, name: str, *, cap_bytes: int = 256 * 1024
    ) -> AbstractAsyncContextManager[Producer]:
        """A producer of its own connection. `cap_bytes` bounds key, value and headers together."""
        ...

    def group(
        self, group: str, topic: str, listener: Listener
    ) -> AbstractAsyncContextManager[Consumer]:
        """A member of a consumer group, from the earliest record where nothing is committed."""
        ...

    def tail(
        self, topic: str, partitions: Collection[int] | None = None, *, since_ms: int | None = None
    ) -> AbstractAsyncContextManager[Consumer]:
        """A reader without a group of the given partitions (None: all).

        Starts at the first record of `since_ms` (broker time) or later; None: at the end; 0: at the
        beginning.
        """
        ...

    async def partitions(self, topic: str) -> int:
        """How many partitions a topic has. Raises LookupError when it does not exist."""
        ...
