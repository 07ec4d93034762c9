"""The CLIENT spans around an embedding and around a search for evidence. No text is kept."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import metrics
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.util.types import AnyValue

from telemetry.names import Attribute, Metric
from telemetry.trace import tracer

_meter = metrics.get_meter("tierwise")
_models = _meter.create_histogram(Metric.MODEL_DURATION, unit="s")
_databases = _meter.create_histogram(Metric.DATABASE_DURATION, unit="s")

OWN_MODEL = "sentence_transformers"
"""The provider of a model that runs in this process: the conventions name none for it."""


@contextmanager
def embedding(model: str, size: int) -> Iterator[Span]:
    """A span `embeddings {model}`; `size` is the number of dimensions."""
    shared: dict[str, AnyValue] = {
        Attribute.MODEL_OPERATION: "embeddings",
        Attribute.MODEL_PROVIDER: OWN_MODEL,
        Attribute.MODEL_REQUESTED: model,
    }
    own: dict[str, AnyValue] = {Attribute.MODEL_DIMENSIONS: size}
    with _timed(f"embeddings {model}", shared, own, _models) as span:
        yield span


@contextmanager
def retrieving(collection: str, limit: int) -> Iterator[Span]:
    """A span `retrieval {collection}` around one query of Qdrant for at most `limit` points.

    One span serves both conventions: that of retrieval allows `db.*` to say where it searched.
    """
    shared: dict[str, AnyValue] = {
        Attribute.DB_SYSTEM: "qdrant",
        Attribute.DB_OPERATION: "query",
        Attribute.DB_COLLECTION: collection,
    }
    own: dict[str, AnyValue] = {
        Attribute.MODEL_OPERATION: "retrieval",
        Attribute.DATA_SOURCE: collection,
        Attribute.DB_SUMMARY: f"query {collection}",
        Attribute.MODEL_TOP_K: float(limit),
    }
    with _timed(f"retrieval {collection}", shared, own, _databases) as span:
        yield span


@contextmanager
def _timed(
    name: str,
    shared: dict[str, AnyValue],
    own: dict[str, AnyValue],
    duration: metrics.Histogram,
) -> Iterator[Span]:
    """A span with `shared` and `own` attributes; the duration is measured by the shared ones."""
    started = time.perf_counter()
    with tracer.start_as_current_span(
        name,
        kind=SpanKind.CLIENT,
        attributes=shared | own,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield span
        except BaseException as failed:
            kind = type(failed).__qualname__
            span.set_status(Status(StatusCode.ERROR, kind))
            span.set_attribute(Attribute.ERROR, kind)
            shared = shared | {Attribute.ERROR: kind}
            raise
        finally:
            duration.record(time.perf_counter() - started, shared)
