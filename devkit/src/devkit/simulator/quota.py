"""An organisation's quota per model: token buckets that fill all the time."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from math import ceil

from devkit.simulator.model import Model
from devkit.simulator.refusal import Refusal


class Bucket:
    """Holds a minute's worth, refilled evenly. `now` gives seconds."""

    def __init__(self, per_minute: int, now: Callable[[], float]) -> None:
        self.per_minute = per_minute
        self._now = now
        self._level = float(per_minute)
        self._at = now()

    @property
    def level(self) -> float:
        """What may be taken now; below 0 where more was taken than was there."""
        now = self._now()
        filled = self._level + (now - self._at) * self.per_minute / 60
        self._level, self._at = min(float(self.per_minute), filled), now
        return self._level

    def take(self, amount: float) -> None:
        """Without asking: see `wait_s`."""
        self._level = self.level - amount

    def wait_s(self, amount: float) -> float:
        """How long until so much is there. More than the whole bucket is asked as the whole."""
        missing = min(amount, self.per_minute) - self.level
        return max(0.0, missing * 60 / self.per_minute)


class Quota:
    """Requests, input tokens and output tokens of one model.

    Tokens read from the cache do not count, as with the provider's newer models; output is taken
    when it has been written, so a call may overdraw and the next ones wait.
    """

    def __init__(self, model: Model, now: Callable[[], float]) -> None:
        self._buckets = {
            "requests": Bucket(model.spec.requests_per_minute, now),
            "input-tokens": Bucket(model.spec.input_tokens_per_minute, now),
            "output-tokens": Bucket(model.spec.output_tokens_per_minute, now),
        }

    def admit(self, input_tokens: int) -> None:
        """Take a request and its input. Raises Refusal 429 with retry-after."""
        asked = {"requests": 1, "input-tokens": input_tokens, "output-tokens": 1}
        for name, amount in asked.items():
            if wait := self._buckets[name].wait_s(amount):
                raise self._refusal(name, wait)
        self._buckets["requests"].take(1)
        self._buckets["input-tokens"].take(input_tokens)

    def written(self, output_tokens: int) -> None:
        """Take what was written."""
        self._buckets["output-tokens"].take(output_tokens)

    def headers(self) -> dict[str, str]:
        """anthropic-ratelimit-…: limit, what is left, and when the bucket is full again."""
        return {
            f"anthropic-ratelimit-{name}-{field}": value
            for name, bucket in self._buckets.items()
            for field, value in _state(bucket)
        }

    def _refusal(self, name: str, wait_s: float) -> Refusal:
        limit = self._buckets[name].per_minute
        message = (
            "This request would exceed your organization's rate limit of "
            f"{limit:,} {name.replace('-', ' ')} per minute."
        )
        headers = {"retry-after": str(max(1, ceil(wait_s))), **self.headers()}
        return Refusal(429, "rate_limit_error", message, headers)


def _state(bucket: Bucket) -> Iterator[tuple[str, str]]:
    full = datetime.now(UTC) + timedelta(seconds=bucket.wait_s(bucket.per_minute))
    yield "limit", str(bucket.per_minute)
    yield "remaining", str(max(0, int(bucket.level)))
    yield "reset", full.strftime("%Y-%m-%dT%H:%M:%SZ")
