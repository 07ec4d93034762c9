"""What a fault works on: the running stack, its load, and what readers have seen so far."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bus.kafka import KafkaBus
from bus.record import Receipt
from devkit.check.account import Complaint, Expected, Healed, Injected, Measured
from devkit.check.driver import Driver, now_ms
from devkit.check.lines import Lines
from devkit.check.reader import Answered, Copyist
from devkit.check.script import Line, Planned, tracking
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
    lines: Lines
    _count: int = field(default=0)

    def injected(
        self,
        fault: int,
        what: str,
        *,
        within_s: float | None = None,
        takes: tuple[str, ...] = (),
    ) -> None:
        """Write that the fault was injected now; `within_s`: how soon all goes on again; `takes`:
        the marks of replies that it explains, until it is healed."""
        entry = Injected(fault=fault, what=what, at_ms=now_ms(), within_s=within_s, takes=takes)
        self.driver.note(entry)

    def healed(self, fault: int) -> None:
        """Write that what the fault took away is there again."""
        self.driver.note(Healed(fault=fault, at_ms=now_ms()))

    def measured(self, fault: int, what: str, value: float, unit: str) -> None:
        """Write a figure to be reported."""
        self.driver.note(Measured(fault=fault, what=what, value=round(value, 3), unit=unit))

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

    def asking(self, name: str, line: Line, customer_id: str | None = None) -> Planned:
        """The first turn of a session of its own, that says this line."""
        text, expected = line
        return self.fresh(name, text=text, expected=expected, customer_id=customer_id)

    def tracked(self, name: str) -> Planned:
        """A customer's question for an own order."""
        customer = self.dice.choice(sorted(self.orders))
        return self.asking(name, tracking(self.dice, self.orders[customer]), customer)

    async def answer(self, planned: Planned) -> Answered | None:
        """The first reply to a turn that was sent; None when there is none within 25 s."""
        deadline = asyncio.get_running_loop().time() + PROBE_S
        key = (planned.session_id, planned.turn_id)
        while asyncio.get_running_loop().time() < deadline:
            if found := self.copyist.answered.get(key):
                return found
            await asyncio.sleep(LOOK_S)
        return None

    async def answered_ms(self, planned: Planned, receipt: Receipt) -> int | None:
        """Milliseconds from the broker's stamp of the turn to that of its reply; None: no reply."""
        found = await self.answer(planned)
        return found.at_ms - receipt.timestamp_ms if found else None


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

    @property
    def models(self) -> bool:
        """Whether it is about tiers that retrieve or call models, so that these must run."""
        ...

    async def inject(self, on: Field) -> None:
        """Put it on the system, and take it away again. Returns when that is done."""
        ...
