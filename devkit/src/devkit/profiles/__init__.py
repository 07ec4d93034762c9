"""`tierwise profiles`: what of each way of being wrong the models' tier lets through."""

from devkit.profiles.command import app

__all__ = ["app"]
