"""The template worker: settings, playbook, handler, run."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from playbook.shop import load_shop
from template.desk import Desk
from template.handler import handle
from template.settings import Settings
from worker.run import Bound, run


@asynccontextmanager
async def bind(settings: Settings) -> AsyncIterator[Bound]:
    """The handler with the shop's playbook."""
    shop = load_shop(settings.playbook)
    yield Bound(partial(handle, desk=Desk(shop)), shop.apologies)


if __name__ == "__main__":
    run(Settings(), service="template", bind=bind)
