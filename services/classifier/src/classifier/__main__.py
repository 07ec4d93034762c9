"""Runs the classifier: `python -m classifier`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from bus.kafka import KafkaBus
from classifier.handler import handle
from classifier.opening import open_desk
from classifier.releases import open_releases, without_released
from classifier.releasing import releasing
from classifier.settings import Settings
from playbook.frontends import Frontends
from worker.run import Bound, run


@asynccontextmanager
async def bind(settings: Settings) -> AsyncIterator[Bound]:
    """The handler with the desk, the registered frontends and what ends a hand-off."""
    bus, frontends = KafkaBus(settings.kafka), Frontends(settings.frontends)
    async with open_desk(settings, bus) as desk, open_releases(settings.postgres) as releases:
        prepare = partial(without_released, releases=releases)
        handler = partial(handle, desk=desk)
        async with releasing(bus, releases):
            apologies = desk.shop.apologies
            yield Bound(handler, apologies, frontends.key, frontends.limit, prepare)


if __name__ == "__main__":
    run(Settings(), service="classifier", bind=bind)
