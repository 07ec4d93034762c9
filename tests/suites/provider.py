"""A model of the simulated provider as small as a test needs it."""

from devkit.simulator.model import Model
from playbook.model import Latency, ModelSpec
from playbook.price import Price


def model(**changed: float) -> Model:
    """A model with a small cache minimum and round prices; `changed` replaces parts of its spec."""
    spec = ModelSpec(
        api_name="claude-haiku-5-5",
        max_tokens=300,
        concurrency=4,
        first_event_s=1.5,
        stall_s=1.0,
        total_s=6.0,
        cache_minimum_tokens=10,
        requests_per_minute=60,
        input_tokens_per_minute=6000,
        output_tokens_per_minute=600,
        latency=Latency(first_token_ms_p50=100, first_token_ms_p99=300, tokens_per_s=100),
    )
    price = Price(input=1.0, output=5.0, cache_read=0.1, cache_write=1.25)
    return Model("haiku-5-5", spec.model_copy(update=changed), price)


class Clock:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now
