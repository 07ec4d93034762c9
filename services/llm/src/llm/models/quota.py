"""How much of a model's quota is left: buckets of our own, corrected by what the provider says.

Pure: the time is passed in, in seconds. Each worker counts its own calls; the provider's headers
bring in those of the others, and of other programs.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from llm.money.tokens import Tokens
from playbook.model import ModelSpec

HEADER = "anthropic-ratelimit-{}-remaining"


@dataclass(frozen=True)
class Need:
    """What one call takes, or the provider says is left; None where it did not say."""

    requests: float | None
    input_tokens: float | None
    output_tokens: float | None

    @classmethod
    def of(cls, tokens: Tokens) -> "Need":
        """Tokens read from the cache do not count against the quota."""
        return cls(1, tokens.input + tokens.cache_write, tokens.output)


def told(headers: Mapping[str, str]) -> Need:
    """What is left by a response's headers."""
    kinds = ("requests", "input-tokens", "output-tokens")
    return Need(*(_number(headers.get(HEADER.format(kind))) for kind in kinds))


def _number(text: str | None) -> float | None:
    return float(text) if text is not None and text.isdigit() else None


class Bucket:
    """A minute's worth, refilled evenly."""

    def __init__(self, per_minute: float) -> None:
        self._most = per_minute
        self._level = per_minute
        self._at = 0.0

    def level(self, now: float) -> float:
        """What is left; below 0 where a call took more than it asked for."""
        filled = self._level + (now - self._at) * self._most / 60
        self._level, self._at = min(self._most, filled), now
        return self._level

    def take(self, amount: float, now: float) -> None:
        """Without asking; a negative amount gives back."""
        self._level = min(self._most, self.level(now) - amount)

    def saw(self, left: float, now: float) -> None:
        """The provider says that so much is left. It is believed where it says less."""
        self._level = min(self.level(now), left)

    def share(self, now: float) -> float:
        """The part that is left, from 0 to 1."""
        return max(0.0, self.level(now) / self._most)


class Quota:
    """Requests, input and output tokens of one model."""

    def __init__(self, spec: ModelSpec) -> None:
        self._buckets = (
            Bucket(spec.requests_per_minute),
            Bucket(spec.input_tokens_per_minute),
            Bucket(spec.output_tokens_per_minute),
        )

    def takes(self, need: Need, now: float) -> bool:
        """Take it if all of it is there."""
        amounts = _amounts(need)
        pairs = list(zip(self._buckets, amounts, strict=True))
        if any(bucket.level(now) < (amount or 0) for bucket, amount in pairs):
            return False
        self._take(amounts, now)
        return True

    def returned(self, taken: Need, used: Need, now: float) -> None:
        """A call that took so much has used so much."""
        pairs = zip(_amounts(taken), _amounts(used), strict=True)
        self._take([(used or 0) - (took or 0) for took, used in pairs], now)

    def saw(self, left: Need, now: float) -> None:
        """What the provider says is left."""
        for bucket, amount in zip(self._buckets, _amounts(left), strict=True):
            if amount is not None:
                bucket.saw(amount, now)

    def share(self, now: float) -> float:
        """The part of the scarcest that is left."""
        return min(bucket.share(now) for bucket in self._buckets)

    def _take(self, amounts: "list[float | None] | list[float]", now: float) -> None:
        for bucket, amount in zip(self._buckets, amounts, strict=True):
            bucket.take(amount or 0, now)


def _amounts(need: Need) -> list[float | None]:
    return [need.requests, need.input_tokens, need.output_tokens]
