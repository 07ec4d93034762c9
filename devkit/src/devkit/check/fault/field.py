"""What a fault works on: the running stack, its load, and what readers have seen so far."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bus.kafka import KafkaBus
from bus.record import Receipt
from devkit.check.account import Complaint, Expected, Injected
from devkit.check.driver import Driver, now_ms
from devkit.check.reader import Copyist
from devkit.check.script import Planned
from devkit.stack.stack import Stack
from events.partition import partition_of
from events.tier import Tier

PROBE_S = 25.0
LOOK_S = 0.005


@dataclass
class Field:
    """One run under load. `dice` is seeded: it alone decides what is hit."""

    stack: Stack
    bus: KafkaBus
    driver: Driver
    copyist: Copyist
    dice: random.Random
    orders: Mapping[str, Sequence[str]]
    run: str
    _count: int = field(default=0)

    def injected(self, fault: int, what: str, *, within_s: float | None = None) -> None:
        """Write that the fault was injected now; `within_s`: how soon all goes on again."""
        entry = Injected(fault=fault, what=what, at_ms=now_ms(), within_s=within_s)
        self.driver.note(entry)

    def complain(self, fault: int, what: str) -> None:
        """Write that something the fault promises did not happen."""
        self.driver.note(Complaint(fault=fault, what=what))

    def fresh(
        self,
        name: str,
        *,
        text: str = "hi",
        expected: Expected | None = None,
        customer_id: str | None = None,
        partition: int | None = None,
    ) -> Planned:
        """The first turn of a session of its own, in a given partition if one is given."""
        while True:
            self._count += 1
            session = f"{self.run}-{name}-{self._count}"
            if partition in (None, partition_of(session.encode(), self.stack.partitions)):
                break
        answer = expected or Expected(use_case="chitchat", tier=Tier.TEMPLATE)
        return Planned(0.0, session, 1, customer_id, text, answer)

    async def answered_ms(self, planned: Planned, receipt: Receipt) -> int | None:
        """Milliseconds from the broker's stamp of the turn to that of its reply; None: no reply."""
        deadline = asyncio.get_running_loop().time() + PROBE_S
        key = (planned.session_id, planned.turn_id)
        while asyncio.get_running_loop().time() < deadline:
            if at := self.copyist.answered.get(key):
                return at - receipt.timestamp_ms
            await asyncio.sleep(LOOK_S)
        return None


class Fault(Protocol):
    """One row of the table of faults."""

    @property
    def number(self) -> int:
        """Its number in the table."""
        ...

    @property
    def title(self) -> str:
        """What is done, in a few words."""
        ...

    @property
    def needs_s(self) -> float:
        """How long it and the recovery take: nothing else is injected meanwhile."""
        ...

    async def inject(self, on: Field) -> None:
        """Put it on the system, and take it away again. Returns when that is done."""
        ...
