"""`tierwise trace`: the demonstration's traces, on Zipkin's pages."""

from devkit.trace.command import app

__all__ = ["app"]
