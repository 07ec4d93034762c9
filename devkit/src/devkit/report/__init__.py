"""`tierwise router report`: this router beside honest controls, on the same conversations."""

from devkit.report.command import app

__all__ = ["app"]
