"""The current trace, for people and logs."""

from opentelemetry import trace

tracer = trace.get_tracer("tierwise")


def current_trace_id() -> str | None:
    """The running trace's id, 32 hex digits, or None outside a trace."""
    context = trace.get_current_span().get_span_context()
    return trace.format_trace_id(context.trace_id) if context.is_valid else None


def trace_id_of(headers: dict[str, bytes]) -> str | None:
    """The trace id in a message's `traceparent`, or None."""
    parts = headers.get("traceparent", b"").decode("ascii", "replace").split("-")
    return parts[1] if len(parts) >= 4 and len(parts[1]) == 32 else None
