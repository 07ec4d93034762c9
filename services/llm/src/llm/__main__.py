"""The llm worker: settings, playbook, models, claims, guard, handler, run."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from llm.handler import handle
from llm.opening import open_desk
from llm.settings import Settings
from playbook.shop import load_shop
from worker.run import Bound, run


@asynccontextmanager
async def bind(settings: Settings) -> AsyncIterator[Bound]:
    """The handler with its desk, and the shop's words for when it fails."""
    shop = load_shop(settings.playbook)
    async with open_desk(settings, shop) as desk:
        yield Bound(partial(handle, desk=desk), shop.apologies, finish=desk.finish)


if __name__ == "__main__":
    run(Settings(), service="llm", bind=bind)
