"""The span of a request: child of the caller's trace when it sends one."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import Request
from opentelemetry.trace import SpanKind

from gateway.problem import TITLES, Refused
from telemetry.propagation import context_of
from telemetry.trace import tracer


@contextmanager
def serving(request: Request, route: str, status: int) -> Iterator[None]:
    """A SERVER span named "METHOD route". `status` is the HTTP status when nothing is refused."""
    headers = {name: value.encode("latin-1") for name, value in request.headers.items()}
    with tracer.start_as_current_span(
        f"{request.method} {route}",
        context=context_of(headers),
        kind=SpanKind.SERVER,
        attributes={"http.request.method": request.method, "http.route": route},
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield
        except Refused as refused:
            status = TITLES[refused.code][0]
            raise
        finally:
            span.set_attribute("http.response.status_code", status)
