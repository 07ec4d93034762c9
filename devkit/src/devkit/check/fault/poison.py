"""Fault 18: records that can never be processed, each followed by a good turn of its partition."""

import asyncio
from dataclasses import dataclass
from statistics import median

from bus.port import Producer, TooLarge, Unsure
from bus.record import Receipt
from devkit.check.account import Poisoned
from devkit.check.driver import now_ms
from devkit.check.fault.field import Field
from devkit.check.fault.poisons import Poison, poisons
from events.topics import INGRESS
from events.wire import Message

PROMPT_MS = 50
BROKER_CAP = 16 << 20


@dataclass(frozen=True)
class SendPoison:
    """Each poison is dead-lettered once or refused at the door, and its partition goes on."""

    number: int = 18
    title: str = "poison records of every kind"
    needs_s: float = 8.0
    models: bool = False

    async def inject(self, on: Field) -> None:
        """Send one of each kind, and after each a good turn to the same partition.

        The promise of 50 ms is held to the median of the good turns: a single one may meet a
        collection of garbage, which is not the poison's doing.
        """
        kinds = poisons(on)
        on.injected(self.number, f"{len(kinds)} poison records and two of 10 MB")
        took: list[int] = []
        async with on.bus.producer("check-careless", cap_bytes=BROKER_CAP) as careless:
            for poison in kinds:
                receipt = await self._stored(on, careless, poison)
                took += await self._probed(on, poison.name, receipt)
            await self._refused(on, careless)
        if took and median(took) > PROMPT_MS:
            on.complain(
                self.number,
                f"the next turn of the partition took {median(took):.0f} ms in the median, "
                f"more than {PROMPT_MS}",
            )

    async def _stored(self, on: Field, careless: Producer, poison: Poison) -> Receipt:
        """Publish one poison record; a turn among them is written down as any turn is."""
        if poison.turn is None:
            receipt = await _sent(careless, poison.message)
        else:
            receipt = await on.driver.stored(poison.turn, message=poison.message, producer=careless)
        if poison.reasons:
            on.driver.note(
                Poisoned(
                    name=poison.name,
                    reasons=poison.reasons,
                    partition=receipt.partition,
                    offset=receipt.offset,
                    at_ms=now_ms(),
                )
            )
        return receipt

    async def _probed(self, on: Field, name: str, receipt: Receipt) -> list[int]:
        probe = on.fresh(f"after-{name}", partition=receipt.partition)
        stored = await on.driver.say(probe)
        took = await on.answered_ms(probe, stored)
        if took is None:
            on.complain(self.number, f"the turn after {name} was not answered")
            return []
        return [took]

    async def _refused(self, on: Field, careless: Producer) -> None:
        """10 MB: refused by the client's own cap, and by the broker where a client has none."""
        turn = on.fresh("10-mb", text="x" * (10 << 20))
        message = on.driver.message(turn, turn.text)
        for producer in (on.driver.producer, careless):
            await self._at_the_door(on, producer, message)
        probe = on.fresh("after-10-mb")
        if await on.answered_ms(probe, await on.driver.say(probe)) is None:
            on.complain(self.number, "the turn after 10 MB was not answered")

    async def _at_the_door(self, on: Field, producer: Producer, message: Message) -> None:
        try:
            await producer.send(INGRESS, message)
        except TooLarge:
            return
        on.complain(self.number, "a record of 10 MB was taken")


async def _sent(careless: Producer, message: Message) -> Receipt:
    while True:
        try:
            return await careless.send(INGRESS, message)
        except Unsure:
            await asyncio.sleep(0.2)
