"""Of what kinds of lines a load is made, and in what shares."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from devkit.check.lines import Lines
from devkit.check.script import Line, Pick, plain, small_talk, tracking
from devkit.errors import environment_error

KINDS = ("talk", "order", "product", "composed", "recommend")
BY_MODELS = frozenset({"product", "composed", "recommend"})
WORKERS = ("classifier", "template", "order")
MOST_RETURNS = 1000
ALL = (*WORKERS, "rag", "llm", "ledger")


@dataclass(frozen=True)
class Mix:
    """Shares of each kind of line; they need not add up to 1. None: templates and orders, evenly.

    With shares all tiers run, and dialogues are held beside the single lines: one about a return
    every `return_s` seconds, one with a person every `handoff_s`.
    """

    name: str
    shares: Mapping[str, float] | None = None
    return_s: float = 6.0
    handoff_s: float = 20.0

    @property
    def services(self) -> tuple[str, ...]:
        """What must run to answer it."""
        return WORKERS if self.shares is None else ALL

    def returns(self, seconds: float) -> int:
        """How many dialogues about a return. An order's number has three digits."""
        return min(MOST_RETURNS, int(seconds / self.return_s))

    def handoffs(self, seconds: float) -> int:
        """How many conversations are given to a person."""
        return int(seconds / self.handoff_s)

    @property
    def modelled(self) -> bool:
        """Whether any of it may reach a model."""
        return self.shares is not None

    def pick(self, orders: Mapping[str, Sequence[str]], lines: Lines) -> Pick:
        """Chooses lines. `orders` are the order numbers of each customer."""
        if self.shares is None:
            return plain(orders)
        kinds, weights = list(self.shares), list(self.shares.values())

        def one(dice: random.Random, customer: str | None) -> Line:
            kind = dice.choices(kinds, weights)[0]
            if kind == "order" and customer:
                return tracking(dice, orders[customer])
            return lines.of(kind, dice) if kind in BY_MODELS else small_talk(dice)

        return one


PLAIN = Mix("plain")
STORY = Mix(
    "story",
    {"talk": 0.18, "order": 0.15, "product": 0.45, "composed": 0.10, "recommend": 0.12},
)
"""Close to the reference case: 30 % without a model, 40 % from the catalogue, the rest by models.
Its 30 % for the big model are 12 %: what its quota carries is said in docs/checking.md."""


def mix_of(given: str) -> Mix:
    """`plain`, `story`, or shares such as `talk=2,product=5`. Raises DevkitError."""
    known = {mix.name: mix for mix in (PLAIN, STORY)}
    if given in known:
        return known[given]
    try:
        shares = {name: float(share) for name, share in _pairs(given)}
    except ValueError:
        shares = {}
    if not shares or set(shares) - set(KINDS) or sum(shares.values()) <= 0:
        raise environment_error(
            f"--mix {given!r} is neither plain nor story, nor like talk=2,order=1; "
            f"there are {', '.join(KINDS)}."
        )
    return Mix(given, shares)


def _pairs(given: str) -> list[tuple[str, str]]:
    pairs = [pair.partition("=") for pair in given.split(",")]
    return [(name.strip(), share) for name, _, share in pairs]
