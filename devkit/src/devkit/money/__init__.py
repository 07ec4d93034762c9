"""`tierwise money`: what the models cost, by our books and by the provider's."""

from devkit.money import check, show
from devkit.money.command import app

__all__ = ["app", "check", "show"]
