"""Spans of embeddings and searches: names and no text."""

from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from telemetry.retrieval import embedding, retrieving


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("telemetry.retrieval.tracer", provider.get_tracer("tests"))
        yield exporter
    provider.shutdown()


def test_an_embedding_is_named_by_its_model(spans: InMemorySpanExporter) -> None:
    with embedding("all-MiniLM-L6-v2", 384):
        pass
    (span,) = spans.get_finished_spans()
    assert (span.name, span.kind) == ("embeddings all-MiniLM-L6-v2", SpanKind.CLIENT)
    assert dict(span.attributes or {}) == {
        "gen_ai.operation.name": "embeddings",
        "gen_ai.provider.name": "sentence_transformers",
        "gen_ai.request.model": "all-MiniLM-L6-v2",
        "gen_ai.embeddings.dimension.count": 384,
    }


def test_a_search_is_named_by_its_collection(spans: InMemorySpanExporter) -> None:
    with retrieving("shop-0123456789ab", 5):
        pass
    (span,) = spans.get_finished_spans()
    assert (span.name, span.kind) == ("retrieval shop-0123456789ab", SpanKind.CLIENT)
    assert dict(span.attributes or {}) == {
        "gen_ai.operation.name": "retrieval",
        "gen_ai.data_source.id": "shop-0123456789ab",
        "gen_ai.request.top_k": 5.0,
        "db.system.name": "qdrant",
        "db.operation.name": "query",
        "db.collection.name": "shop-0123456789ab",
        "db.query.summary": "query shop-0123456789ab",
    }


def test_a_failure_is_noted_by_its_kind_alone(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError), retrieving("shop", 5):
        raise ValueError("what a customer wrote")
    (span,) = spans.get_finished_spans()
    assert span.status.status_code is StatusCode.ERROR
    assert span.status.description == "ValueError"
    assert (span.attributes or {})["error.type"] == "ValueError"
    assert span.events == ()
