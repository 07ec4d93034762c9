"""Trace context in headers: one, and the current one."""

import pytest
from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, use_span

from telemetry.propagation import context_of, stamped
from telemetry.trace import current_trace_id, trace_id_of

TRACE_ID = 0x0AF7651916CD43DD8448EB211C80319C
SPAN_ID = 0xB7AD6B7169203331
OLD = {
    "traceparent": b"00-11111111111111111111111111111111-2222222222222222-01",
    "tracestate": b"vendor=old",
    "baggage": b"user=somebody",
}
SPAN = NonRecordingSpan(
    SpanContext(TRACE_ID, SPAN_ID, is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED))
)


def test_a_stamp_replaces_the_old_context_and_keeps_other_headers() -> None:
    before = {"ce_id": b"1", **OLD}
    with use_span(SPAN):
        after = stamped(before)
    assert after["ce_id"] == b"1"
    assert trace_id_of(after) == f"{TRACE_ID:032x}"
    assert after["traceparent"].split(b"-")[2] == f"{SPAN_ID:016x}".encode()
    assert "tracestate" not in after
    assert "baggage" not in after
    assert before == {"ce_id": b"1", **OLD}


def test_outside_a_span_the_old_context_is_dropped_and_none_made() -> None:
    assert stamped({"ce_id": b"1", **OLD}) == {"ce_id": b"1"}


def test_a_stamp_is_read_again() -> None:
    with use_span(SPAN):
        headers = stamped({})
    found = trace.get_current_span(context_of(headers)).get_span_context()
    assert (found.trace_id, found.span_id) == (TRACE_ID, SPAN_ID)
    assert found.is_remote


def test_the_vendors_state_travels_along() -> None:
    found = trace.get_current_span(context_of(OLD)).get_span_context()
    assert dict(found.trace_state) == {"vendor": "old"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"traceparent": b""},
        {"traceparent": b"nonsense"},
        {"traceparent": b"\xff\xfe"},
        {"traceparent": b"00-00000000000000000000000000000000-2222222222222222-01"},
        {"traceparent": b"00-11111111111111111111111111111111-0000000000000000-01"},
    ],
)
def test_no_valid_context_is_no_context(headers: dict[str, bytes]) -> None:
    assert not trace.get_current_span(context_of(headers)).get_span_context().is_valid


def test_a_message_does_not_inherit_the_readers_own_span() -> None:
    with use_span(SPAN):
        found = trace.get_current_span(context_of({})).get_span_context()
    assert not found.is_valid


def test_the_trace_id_for_people() -> None:
    assert current_trace_id() is None
    with use_span(SPAN):
        assert current_trace_id() == f"{TRACE_ID:032x}"


@pytest.mark.parametrize("value", [b"", b"00-11-22-01", b"nonsense", b"\xff"])
def test_a_broken_header_has_no_trace_id(value: bytes) -> None:
    assert trace_id_of({"traceparent": value}) is None
