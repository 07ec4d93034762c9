"""`tierwise rubric`: which tier a new use case needs, measured on examples of it."""

from devkit.rubric.command import app

__all__ = ["app"]
