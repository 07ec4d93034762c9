"""Spans in memory: telemetry's own tracer, recording for one test."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

TRACED = ("messaging", "database", "chat")


class Spans:
    """What was recorded so far, by name."""

    def __init__(self, exporter: InMemorySpanExporter) -> None:
        self._exporter = exporter

    def all(self) -> list[ReadableSpan]:
        return list(self._exporter.get_finished_spans())

    def named(self, name: str) -> list[ReadableSpan]:
        return [span for span in self.all() if span.name == name]

    def only(self, name: str) -> ReadableSpan:
        (span,) = self.named(name)
        return span


@contextmanager
def recording() -> Iterator[Spans]:
    """Record what telemetry's modules trace, without touching the process's own provider."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with pytest.MonkeyPatch.context() as patch:
        for module in TRACED:
            patch.setattr(f"telemetry.{module}.tracer", provider.get_tracer("tests"))
        yield Spans(exporter)
    provider.shutdown()


def ids(span: ReadableSpan) -> tuple[int, int]:
    """Trace id and span id. Trace flags are left out: SDKs differ in them."""
    return span.context.trace_id, span.context.span_id


def parent_ids(span: ReadableSpan) -> tuple[int, int] | None:
    """Trace id and span id of the parent, None for a root."""
    return (span.parent.trace_id, span.parent.span_id) if span.parent else None
