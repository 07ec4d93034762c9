"""W3C trace context in message headers: written fresh on every send, read on every receive.

The aiokafka instrumentation does not stitch hops together and leaves two `traceparent` headers on
a forwarded message, so this is done here. See docs/adr/0005.
"""

from collections.abc import Mapping

from opentelemetry.context import Context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

PROPAGATED = ("traceparent", "tracestate", "baggage")

_propagator = TraceContextTextMapPropagator()


def stamped(headers: Mapping[str, bytes]) -> dict[str, bytes]:
    """A copy of the headers that carries the current span's context and no older one."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    kept = {name: value for name, value in headers.items() if name not in PROPAGATED}
    return kept | {name: value.encode("ascii") for name, value in carrier.items()}


def context_of(headers: Mapping[str, bytes]) -> Context:
    """The remote context in a message's headers; an empty one when there is none."""
    carrier = {
        name: headers[name].decode("ascii", "replace") for name in PROPAGATED[:2] if name in headers
    }
    return _propagator.extract(carrier, context=Context())
