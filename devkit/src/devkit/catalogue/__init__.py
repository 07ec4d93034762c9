"""`tierwise catalogue`: builds the index, imports a shop's own feed, shows what is known."""

from devkit.catalogue.command import app

__all__ = ["app"]
