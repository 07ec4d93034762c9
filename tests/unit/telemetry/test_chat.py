"""The span of a model call, by the GenAI conventions, and without a word of text."""

from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from telemetry.chat import Billed, chatting


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("telemetry.chat.tracer", provider.get_tracer("tests"))
        yield exporter
    provider.shutdown()


def test_a_whole_answer(spans: InMemorySpanExporter) -> None:
    with chatting("claude-x", 300, simulated=True, own={"tierwise.claim.epoch": 2}) as chat:
        chat.opened("msg_1", "claude-x-1")
        chat.chunk()
        chat.chunk()
        chat.billed(Billed("end_turn", 10, 20, 700, 5, 0.001))
    (span,) = spans.get_finished_spans()
    assert (span.name, span.kind) == ("chat claude-x", SpanKind.CLIENT)
    attributes = dict(span.attributes or {})
    assert attributes.pop("gen_ai.response.time_to_first_chunk")
    assert attributes == {
        "gen_ai.provider.name": "anthropic",
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "claude-x",
        "gen_ai.request.max_tokens": 300,
        "gen_ai.request.stream": True,
        "gen_ai.response.id": "msg_1",
        "gen_ai.response.model": "claude-x-1",
        "gen_ai.response.finish_reasons": ("end_turn",),
        "gen_ai.usage.input_tokens": 715,
        "gen_ai.usage.output_tokens": 20,
        "gen_ai.usage.cache_read.input_tokens": 700,
        "gen_ai.usage.cache_write.input_tokens": 5,
        "tierwise.simulated": True,
        "tierwise.cost_usd": 0.001,
        "tierwise.claim.epoch": 2,
    }
    assert span.status.status_code is StatusCode.UNSET


def test_a_failure_that_was_named_keeps_its_name(spans: InMemorySpanExporter) -> None:
    def call() -> None:
        with chatting("m", 1, simulated=False, own={}) as chat:
            chat.failed("hung")
            raise RuntimeError("what the customer wrote")

    with pytest.raises(RuntimeError):
        call()
    (span,) = spans.get_finished_spans()
    assert dict(span.attributes or {})["error.type"] == "hung"
    assert span.status.status_code is StatusCode.ERROR
    assert "customer" not in str(span.to_json())


def test_one_that_was_not_is_named_by_its_type(spans: InMemorySpanExporter) -> None:
    with pytest.raises(RuntimeError), chatting("m", 1, simulated=False, own={}):
        raise RuntimeError("what the customer wrote")
    (span,) = spans.get_finished_spans()
    assert dict(span.attributes or {})["error.type"] == "RuntimeError"
    assert not span.events
