"""How the models are called: limits, quotas, the breaker, the session's cap. `models.yaml`."""

from typing import Self

from pydantic import Field, model_validator

from playbook.source import Entry


class Latency(Entry):
    """How fast the simulator answers: log-normal milliseconds to the first token, then a rate."""

    first_token_ms_p50: float = Field(gt=0)
    first_token_ms_p99: float = Field(gt=0)
    tokens_per_s: float = Field(gt=0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.first_token_ms_p99 < self.first_token_ms_p50:
            raise ValueError("first_token_ms_p99 must not be below first_token_ms_p50")
        return self


class ModelSpec(Entry):
    """One model. Seconds, tokens; `api_name` is what the provider calls it.

    `first_event_s`, `stall_s` and `total_s` cut a call before its first event, between two events,
    and as a whole. A prompt prefix below `cache_minimum_tokens` is not cached, and nobody says so.
    """

    api_name: str = Field(min_length=1)
    max_tokens: int = Field(gt=0)
    concurrency: int = Field(gt=0)
    first_event_s: float = Field(gt=0)
    stall_s: float = Field(gt=0)
    total_s: float = Field(gt=0)
    cache_minimum_tokens: int = Field(ge=0)
    requests_per_minute: int = Field(gt=0)
    input_tokens_per_minute: int = Field(gt=0)
    output_tokens_per_minute: int = Field(gt=0)
    latency: Latency


class BreakerSpec(Entry):
    """After `failures` within `within_s` seconds a model is left alone for `open_s`; after a spent
    quota, or a `retry-after` that is long, for `long_open_s`."""

    failures: int = Field(gt=0)
    within_s: float = Field(gt=0)
    open_s: float = Field(gt=0)
    long_open_s: float = Field(gt=0)


class ModelList(Entry):
    """models.yaml, read in a month (`2026-11`). Models go by the names of prices.yaml."""

    read_on: str = Field(pattern=r"^\d{4}-\d{2}$")
    source: str = Field(min_length=1)
    models: dict[str, ModelSpec]
    session_cap_usd: float = Field(gt=0)
    breaker: BreakerSpec
