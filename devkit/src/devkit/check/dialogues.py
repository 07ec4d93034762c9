"""Dialogues beside the single lines: returns that end in a row, conversations given to a person."""

import random
from collections.abc import Iterator, Sequence

from devkit.check.account import Expected
from devkit.check.script import Line, Planned
from events.reply import Status
from events.tier import Tier

PAUSE_S = 4.0
"""Between two lines of a dialogue: the answer to the one before is there by then."""

CUSTOMER, ORDER = "c-return-{:03d}", "RTN{:03d}"
OPENING = "Help me return this, my husband bought the wrong volume"


def returning(number: int, dice: random.Random) -> list[Line]:
    """A whole return of the one book of order `number`: for money, or for another volume."""
    order = ORDER.format(number)
    step = Expected(use_case="returns", tier=Tier.ORDER, follows=True)
    kind = Expected(use_case="returns", tier=Tier.LLM)
    ways = (["I want my money back"], ["An exchange, please", "volume 2"])
    *asked, last = dice.choice(ways)
    return [
        (OPENING, kind),
        *((text, step) for text in asked),
        (last, having(step, mentions=order)),
        ("yes", having(kind, mentions=order, follows=True, opens=True)),
    ]


def having(expected: Expected, **fields: object) -> Expected:
    """The same expectation with other fields."""
    return expected.model_copy(update=fields)


def handed_over() -> list[Line]:
    """A visitor who asks for a person, and goes on while the person has the conversation."""
    handed = Expected(status=Status.FORWARDED, use_case="escalation", tier=Tier.TEMPLATE)
    silent = having(handed, follows=True)
    return [
        ("I want to talk to a human", handed),
        ("It is about a parcel that never came", silent),
    ]


def said(session: str, customer: str | None, at_s: float, lines: Sequence[Line]) -> list[Planned]:
    """The lines of one session, each a pause after the one before."""
    return [
        Planned(at_s + place * PAUSE_S, session, place + 1, customer, *line)
        for place, line in enumerate(lines)
    ]


def dialogues(
    *, run: str, seed: int, seconds: float, returns: int, handoffs: int
) -> Iterator[Planned]:
    """All turns of so many dialogues, begun evenly over `seconds`, in the order of time."""
    dice = random.Random(seed)
    planned: list[Planned] = []
    for number, at_s in enumerate(_begun(returns, seconds, dice)):
        session, customer = f"{run}-return-{number:03d}", CUSTOMER.format(number)
        planned += said(session, customer, at_s, returning(number, dice))
    for number, at_s in enumerate(_begun(handoffs, seconds, dice)):
        planned += said(f"{run}-person-{number:03d}", None, at_s, handed_over())
    return iter(sorted(planned, key=lambda turn: turn.at_s))


def _begun(count: int, seconds: float, dice: random.Random) -> list[float]:
    """One moment in each of `count` equal parts of the time."""
    return [(place + dice.random()) * seconds / count for place in range(count)]
