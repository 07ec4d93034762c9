"""The CLIENT span around one statement or transaction, and its duration."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import metrics
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.util.types import AnyValue

from telemetry.names import Attribute, Metric
from telemetry.trace import tracer

_duration = metrics.get_meter("tierwise").create_histogram(Metric.DATABASE_DURATION, unit="s")


@contextmanager
def querying(
    operation: str, table: str, summary: str, *, system: str = "postgresql"
) -> Iterator[Span]:
    """A span named `summary` ("UPDATE claim") around work on one table or collection.

    `operation` is the statement's verb. The summary holds names only, never a value. A failure is
    noted by its type and SQLSTATE: a server's message may quote a row, and rows hold what
    customers wrote.
    """
    attributes: dict[str, AnyValue] = {
        Attribute.DB_SYSTEM: system,
        Attribute.DB_OPERATION: operation,
        Attribute.DB_COLLECTION: table,
        Attribute.DB_SUMMARY: summary,
    }
    started = time.perf_counter()
    with tracer.start_as_current_span(
        summary,
        kind=SpanKind.CLIENT,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield span
        except BaseException as failed:
            attributes |= _failed(span, failed)
            raise
        finally:
            _duration.record(time.perf_counter() - started, attributes)


def _failed(span: Span, failed: BaseException) -> dict[str, AnyValue]:
    kind = type(failed).__qualname__
    span.set_status(Status(StatusCode.ERROR, kind))
    span.set_attribute(Attribute.ERROR, kind)
    if code := getattr(failed, "sqlstate", None):
        span.set_attribute(Attribute.DB_STATUS_CODE, str(code))
    return {Attribute.ERROR: kind}
