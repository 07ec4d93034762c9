"""Configures the OpenTelemetry SDK by the standard `OTEL_*` variables."""

import logging
from importlib.metadata import entry_points

from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF

from telemetry.settings import TelemetrySettings

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def setup(service: str) -> None:
    """Set up logs, traces and metrics of a process; OTEL_SERVICE_NAME, if set, renames it."""
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    for chatty in ("aiokafka", "httpx", "httpx2", "sentence_transformers"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    if TelemetrySettings().exports:
        _configure_by_environment(service)
    else:
        # Ids are still made and handed on, so that logs correlate; nothing is recorded.
        resource = Resource.create({"service.name": service})
        trace.set_tracer_provider(TracerProvider(sampler=ALWAYS_OFF, resource=resource))


def _configure_by_environment(service: str) -> None:
    """Run the SDK's own configurator: it knows every `OTEL_*` variable."""
    (found,) = entry_points(group="opentelemetry_configurator", name="configurator")
    found.load()().configure(resource_attributes={"service.name": service})


def shutdown() -> None:
    """Flush what is not exported yet."""
    for provider in (trace.get_tracer_provider(), metrics.get_meter_provider()):
        if isinstance(provider, TracerProvider | MeterProvider):
            provider.shutdown()
