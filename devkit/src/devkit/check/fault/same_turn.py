"""Fault 19: the same turn id five times, also with different text."""

from collections.abc import Sequence
from dataclasses import dataclass

from devkit.check.account import Expected
from devkit.check.fault.field import Field
from devkit.check.script import Planned
from events.tier import Tier

TIMES = 5
TEXTS = ("hi", "thanks a lot", "hi", "bye", "Are you a bot?")


@dataclass(frozen=True)
class SameTurn:
    """One answer, to the text that came first; each other text is one dead letter."""

    number: int = 19
    title: str = "the same turn id five times, also with different text"
    needs_s: float = 4.0
    models: bool = False

    async def inject(self, on: Field) -> None:
        """One id with one text, one with several texts, and one for two orders by turns."""
        on.injected(self.number, f"three turn ids {TIMES} times each, two with different text")
        await self._send(on, on.fresh("same"), ["hi"] * TIMES)
        await self._send(on, on.fresh("texts", text=TEXTS[0]), TEXTS)
        customers = [name for name, orders in sorted(on.orders.items()) if len(orders) > 1]
        if customers:
            await self._two_orders(on, on.dice.choice(customers))

    async def _two_orders(self, on: Field, customer: str) -> None:
        first, second = on.dice.sample(sorted(on.orders[customer]), k=2)
        texts = [f"Where is my order #{number}" for number in (first, second)]
        expected = Expected(use_case="order_tracking", tier=Tier.ORDER, mentions=first)
        turn = on.fresh("orders", text=texts[0], expected=expected, customer_id=customer)
        await self._send(on, turn, [texts[place % 2] for place in range(TIMES)])

    async def _send(self, on: Field, turn: Planned, texts: Sequence[str]) -> None:
        for text in texts:
            await on.driver.stored(turn, text=text)
