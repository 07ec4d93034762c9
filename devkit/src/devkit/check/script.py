"""What the driver says, and when: the same for the same seed.

Each line is decided by a rule of the reference playbook and leaves no question open, so that its
tier and use case are known beforehand and the next line of the session means the same.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from devkit.check.account import Expected
from events.tier import Tier

CHAT = ("hi", "Hello there!", "thanks a lot", "ok, thank you", "bye", "Are you a bot?")
POLICY = (
    "What is your return policy?",
    "How much is shipping to Canada?",
    "Which payment methods do you accept?",
    "What are your opening hours?",
    "Do you offer gift wrapping?",
    "How long does delivery take?",
)
TRACKING = (
    "Where is my order #{order}",
    "#{order}",
    "has {order} shipped yet?",
    "when will order #{order} arrive?",
)
ASKS_ORDER = 0.5
VISITORS = 0.2


@dataclass(frozen=True)
class Planned:
    """One turn to be said `at_s` seconds after the start."""

    at_s: float
    session_id: str
    turn_no: int
    customer_id: str | None
    text: str
    expected: Expected

    @property
    def turn_id(self) -> str:
        """The same on every re-send."""
        return f"{self.session_id}-{self.turn_no}"


Line = tuple[str, Expected]
Pick = Callable[[random.Random, str | None], Line]
"""A line for a customer, None for a visitor."""


def small_talk(dice: random.Random) -> Line:
    """A line that a template answers."""
    use_case, texts = dice.choice((("chitchat", CHAT), ("faq_policy", POLICY)))
    return dice.choice(texts), Expected(use_case=use_case, tier=Tier.TEMPLATE)


def tracking(dice: random.Random, orders: Sequence[str]) -> Line:
    """A line about one of these orders."""
    order = dice.choice(orders)
    expected = Expected(use_case="order_tracking", tier=Tier.ORDER, mentions=order)
    return dice.choice(TRACKING).format(order=order), expected


def _customer(dice: random.Random, customers: Sequence[str]) -> str | None:
    return None if not customers or dice.random() < VISITORS else dice.choice(customers)


def plain(orders: Mapping[str, Sequence[str]]) -> Pick:
    """Templates and orders alone. `orders` are the order numbers of each customer."""

    def pick(dice: random.Random, customer: str | None) -> Line:
        asks = customer is not None and dice.random() < ASKS_ORDER
        return tracking(dice, orders[customer]) if customer and asks else small_talk(dice)

    return pick


def script(
    *,
    run: str,
    seed: int,
    sessions: int,
    rate: float,
    seconds: float,
    customers: Sequence[str],
    pick: Pick,
) -> Iterator[Planned]:
    """Turns at a steady `rate` a second for `seconds`, each session in turn, shuffled every round.

    `run` starts every session id. Each session is a visitor's or one of the `customers`'.
    """
    dice = random.Random(seed)
    names = [f"{run}-{number:04d}" for number in range(sessions)]
    speaker = {name: _customer(dice, customers) for name in names}
    for number in range(int(rate * seconds)):
        place = number % sessions
        if place == 0:
            dice.shuffle(names)
        name = names[place]
        line = pick(dice, speaker[name])
        yield Planned(number / rate, name, number // sessions + 1, speaker[name], *line)
