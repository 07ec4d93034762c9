"""Spans of statements: names and no values."""

from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from telemetry.database import querying


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("telemetry.database.tracer", provider.get_tracer("tests"))
        yield exporter
    provider.shutdown()


class Refused(Exception):
    sqlstate = "23505"


def test_a_statement_is_a_client_span_named_by_its_summary(spans: InMemorySpanExporter) -> None:
    with querying("UPDATE", "claim", "UPDATE claim"):
        pass
    (span,) = spans.get_finished_spans()
    assert span.name == "UPDATE claim"
    assert span.kind is SpanKind.CLIENT
    assert dict(span.attributes or {}) == {
        "db.system.name": "postgresql",
        "db.operation.name": "UPDATE",
        "db.collection.name": "claim",
        "db.query.summary": "UPDATE claim",
    }


def test_a_failure_is_noted_by_type_and_code_and_without_its_words(
    spans: InMemorySpanExporter,
) -> None:
    with pytest.raises(Refused), querying("INSERT", "claim", "INSERT claim"):
        raise Refused("Key (text)=(what the customer wrote) exists")
    (span,) = spans.get_finished_spans()
    attributes = dict(span.attributes or {})
    assert attributes["error.type"] == "Refused"
    assert attributes["db.response.status_code"] == "23505"
    assert not span.events
    assert "customer" not in str(span.to_json())
