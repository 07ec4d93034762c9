"""How long a model takes: log-normal to the first token, then a steady rate."""

from math import exp, log
from random import Random

from devkit.simulator.model import Model

Z99 = 2.3263
"""The 99th percentile of the standard normal distribution."""


class Pace:
    """Draws latencies, the same sequence for the same seed. `speed` divides them all."""

    def __init__(self, seed: int, speed: float = 1.0) -> None:
        self._chance = Random(seed)
        self._speed = speed

    def first_token_s(self, model: Model) -> float:
        """Seconds from the request to the first token."""
        latency = model.spec.latency
        spread = log(latency.first_token_ms_p99 / latency.first_token_ms_p50) / Z99
        drawn = latency.first_token_ms_p50 * exp(spread * self._chance.gauss(0.0, 1.0))
        return drawn / 1000 / self._speed

    def token_s(self, model: Model) -> float:
        """Seconds for each further token."""
        return 1 / model.spec.latency.tokens_per_s / self._speed
