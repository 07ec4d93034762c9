"""Says the script's turns as a registered frontend, and writes down each before and after."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable

from bus.port import Producer, Unsure
from bus.record import Receipt
from devkit.check.account import Acked, Entry, Sending
from devkit.check.account import Unsure as UnsureSend
from devkit.check.history import Log
from devkit.check.script import Planned
from devkit.frontend import Frontend
from events.topics import INGRESS
from events.wire import Message

SEND_TIMEOUT_S = 3.0
AGAIN_AFTER_S = 0.5


def now_ms() -> int:
    """This machine's clock."""
    return time.time_ns() // 1_000_000


class Driver:
    """Publishes turns. A session's turn waits until the one before it is stored."""

    def __init__(self, producer: Producer, frontend: Frontend, log: Log) -> None:
        self.producer = producer
        self.frontend = frontend
        self.acked: set[tuple[str, str]] = set()
        self.sends = 0
        self.unsure = 0
        self._log = log
        self._sessions: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def note(self, entry: Entry) -> None:
        """Write an entry to the run's history."""
        self._log.append(entry)

    async def run(self, plan: Iterable[Planned]) -> None:
        """Say every planned turn at its time; return when the last is stored."""
        start = time.monotonic()
        async with asyncio.TaskGroup() as sending:
            for planned in plan:
                await asyncio.sleep(max(0.0, start + planned.at_s - time.monotonic()))
                sending.create_task(self._in_turn(planned))

    async def _in_turn(self, planned: Planned) -> None:
        async with self._sessions[planned.session_id]:
            await self.say(planned)

    async def say(self, planned: Planned) -> Receipt:
        """Publish one turn, again and again with the same turn id until the broker has it."""
        return await self.stored(planned)

    async def stored(
        self,
        planned: Planned,
        *,
        text: str | None = None,
        message: Message | None = None,
        producer: Producer | None = None,
    ) -> Receipt:
        """As `publish`, until it is acknowledged."""
        while True:
            receipt = await self.publish(planned, text=text, message=message, producer=producer)
            if receipt:
                return receipt
            await asyncio.sleep(AGAIN_AFTER_S)

    def message(self, planned: Planned, text: str) -> Message:
        """The signed message of a planned turn, with the given text."""
        said = self.frontend.said(
            planned.session_id,
            planned.turn_id,
            text,
            turn_no=planned.turn_no,
            customer_id=planned.customer_id,
        )
        return self.frontend.message(said)

    async def publish(
        self,
        planned: Planned,
        *,
        text: str | None = None,
        message: Message | None = None,
        producer: Producer | None = None,
    ) -> Receipt | None:
        """Publish once, with another text, a whole other message, another producer if given.

        None: stored or not, nobody knows.
        """
        said = text or planned.text
        send = self._sending(planned, said)
        try:
            receipt = await (producer or self.producer).send(
                INGRESS, message or self.message(planned, said), timeout_s=SEND_TIMEOUT_S
            )
        except Unsure:
            self.unsure += 1
            self.note(UnsureSend(send=send, at_ms=now_ms()))
            return None
        self._acknowledged(planned, send, receipt)
        return receipt

    def _sending(self, planned: Planned, text: str) -> int:
        self.sends += 1
        sending = Sending(
            send=self.sends,
            session_id=planned.session_id,
            turn_id=planned.turn_id,
            turn_no=planned.turn_no,
            text=text,
            at_ms=now_ms(),
            expected=planned.expected,
        )
        self.note(sending)
        return self.sends

    def _acknowledged(self, planned: Planned, send: int, receipt: Receipt) -> None:
        acked = Acked(send=send, partition=receipt.partition, offset=receipt.offset, at_ms=now_ms())
        self.note(acked)
        self.acked.add((planned.session_id, planned.turn_id))
