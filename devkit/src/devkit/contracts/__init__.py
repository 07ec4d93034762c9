"""`tierwise contracts`: the AsyncAPI document and the JSON Schemas, generated from the models."""

from devkit.contracts.command import app

__all__ = ["app"]
