"""The simulator as an ASGI application."""

from starlette.applications import Starlette

from devkit.simulator.admin import Admin
from devkit.simulator.book import Book
from devkit.simulator.messages import Messages
from devkit.simulator.model import read_models
from devkit.simulator.pace import Pace
from devkit.simulator.profiles import Choice
from devkit.simulator.provider import Provider
from devkit.simulator.settings import Settings


def create_app(provider: Provider) -> Starlette:
    """Its endpoints and its operator's."""
    return Starlette(routes=[*Messages(provider).routes, *Admin(provider).routes])


def open_provider(settings: Settings) -> Provider:
    """A provider by the settings. Raises PlaybookError; ValueError for an unknown profile."""
    return Provider(
        models=read_models(settings.playbook),
        pace=Pace(settings.seed, settings.speed),
        book=Book(settings.book),
        choice=Choice(profile=settings.profile, share=settings.share, seed=settings.seed),
    )
