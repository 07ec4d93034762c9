"""Tokens of one call, counted by the provider, and bounded by us before it is made."""

from dataclasses import dataclass

from playbook.model import ModelSpec
from playbook.price import Price

BYTES_PER_TOKEN = 2
"""A token of any language holds more bytes than this on average: rounds the input up, never down.
English has about four."""


@dataclass(frozen=True)
class Tokens:
    """The four kinds that are billed apart. `input` are those the cache neither gave nor took."""

    input: int = 0
    output: int = 0
    cached: int = 0
    cache_write: int = 0

    def cost_usd(self, price: Price) -> float:
        """By list price, to a thousandth of a millionth of a dollar, as the database keeps it."""
        return round(price.cost_usd(self.input, self.output, self.cached, self.cache_write), 9)


def bound(prompt: str, spec: ModelSpec) -> Tokens:
    """At most so many: the whole prompt anew, and as long an answer as is allowed."""
    return Tokens(len(prompt.encode()) // BYTES_PER_TOKEN + 1, spec.max_tokens)


def dearest_usd(most: Tokens, price: Price) -> float:
    """What these tokens cost if the input is billed at its dearest rate."""
    return max(most.cost_usd(price), Tokens(0, most.output, 0, most.input).cost_usd(price))
