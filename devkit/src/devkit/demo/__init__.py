"""`tierwise demo`: a frontend talks to the running system, and everything it decides is shown."""

from devkit.demo.command import app

__all__ = ["app"]
