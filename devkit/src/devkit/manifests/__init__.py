"""`tierwise manifests`: renders the chart, and checks chart, manifests and compose file."""

from devkit.manifests.command import app

__all__ = ["app"]
