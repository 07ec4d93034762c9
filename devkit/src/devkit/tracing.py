"""OpenTelemetry in a command: set up by `OTEL_*` as in a service, flushed at the end."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from telemetry.setup import setup, shutdown


@contextmanager
def tracing(name: str) -> Iterator[None]:
    """Trace what the block does under this name. Commands print: their logs are warnings alone."""
    setup(name)
    logging.getLogger().setLevel(logging.WARNING)
    try:
        yield
    finally:
        shutdown()
