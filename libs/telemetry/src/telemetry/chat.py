"""The CLIENT span around one call of a model, and what is measured with it. No text is kept."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from opentelemetry import metrics
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.util.types import AnyValue

from telemetry.names import Attribute, Metric
from telemetry.trace import tracer

SECONDS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0)
TOKENS = tuple(4.0**power for power in range(1, 11))

_meter = metrics.get_meter("tierwise")
_duration = _meter.create_histogram(
    Metric.MODEL_DURATION, unit="s", explicit_bucket_boundaries_advisory=SECONDS
)
_first_chunk = _meter.create_histogram(
    Metric.MODEL_FIRST_CHUNK, unit="s", explicit_bucket_boundaries_advisory=SECONDS
)
_tokens = _meter.create_histogram(
    Metric.MODEL_TOKENS, unit="{token}", explicit_bucket_boundaries_advisory=TOKENS
)
_cost = _meter.create_counter(Metric.COST, unit="USD")


@dataclass(frozen=True)
class Billed:
    """A whole answer as the provider bills it. `input_tokens` are those not cached."""

    finish: str
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    cache_write_tokens: int
    cost_usd: float


class Chat:
    """One call under way. `shared` are attributes of its span and of its metrics."""

    def __init__(self, span: Span, shared: dict[str, AnyValue]) -> None:
        self._span = span
        self._shared = shared
        self._started = time.perf_counter()
        self._heard = False
        self.has_failed = False

    def opened(self, response_id: str, model: str) -> None:
        """The provider has begun to answer."""
        self._span.set_attribute(Attribute.MODEL_RESPONSE, response_id)
        self._span.set_attribute(Attribute.MODEL_ANSWERED, model)

    def chunk(self) -> None:
        """A piece of the answer came; the first one is timed."""
        if self._heard:
            return
        self._heard = True
        waited = time.perf_counter() - self._started
        self._span.set_attribute(Attribute.MODEL_FIRST_CHUNK, waited)
        _first_chunk.record(waited, self._shared)

    def billed(self, bill: Billed) -> None:
        """The answer is whole. Input counts what was cached too, as the conventions say."""
        read = bill.input_tokens + bill.cached_tokens + bill.cache_write_tokens
        self._span.set_attributes(
            {
                Attribute.MODEL_FINISH: [bill.finish],
                Attribute.MODEL_INPUT: read,
                Attribute.MODEL_OUTPUT: bill.output_tokens,
                Attribute.MODEL_CACHE_READ: bill.cached_tokens,
                Attribute.MODEL_CACHE_WRITE: bill.cache_write_tokens,
                Attribute.COST_USD: bill.cost_usd,
            }
        )
        for kind, count in (("input", read), ("output", bill.output_tokens)):
            _tokens.record(count, self._shared | {Attribute.MODEL_TOKEN_TYPE: kind})
        _cost.add(bill.cost_usd, self._shared)

    def failed(self, kind: str) -> None:
        """No whole answer came, or one that is none."""
        self.has_failed = True
        self._span.set_status(Status(StatusCode.ERROR, kind))
        self._span.set_attribute(Attribute.ERROR, kind)
        self._shared |= {Attribute.ERROR: kind}

    def ended(self) -> None:
        """Measure the whole."""
        _duration.record(time.perf_counter() - self._started, self._shared)


@contextmanager
def chatting(
    model: str, max_tokens: int, *, simulated: bool, own: dict[str, AnyValue]
) -> Iterator[Chat]:
    """A span `chat {model}`. What is raised is noted by its type, unless `failed` named it."""
    shared: dict[str, AnyValue] = {
        Attribute.MODEL_PROVIDER: "anthropic",
        Attribute.MODEL_OPERATION: "chat",
        Attribute.MODEL_REQUESTED: model,
        Attribute.SIMULATED: simulated,
    }
    request = {Attribute.MODEL_MAX_TOKENS: max_tokens, Attribute.MODEL_STREAM: True}
    with tracer.start_as_current_span(
        f"chat {model}",
        kind=SpanKind.CLIENT,
        attributes=shared | request | own,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        chat = Chat(span, shared)
        try:
            yield chat
        except BaseException as error:
            if not chat.has_failed:
                chat.failed(type(error).__qualname__)
            raise
        finally:
            chat.ended()
