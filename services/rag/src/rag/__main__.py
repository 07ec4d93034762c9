"""The rag worker: settings, playbook, index, model, stock, handler, run."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from playbook.shop import load_shop
from rag.handler import handle
from rag.opening import open_kit
from rag.settings import Settings
from worker.run import Bound, run


@asynccontextmanager
async def bind(settings: Settings) -> AsyncIterator[Bound]:
    """The handler with the shop's words, the index, the model and the stock."""
    shop = load_shop(settings.playbook)
    async with open_kit(settings, shop.renderer) as kit:
        yield Bound(partial(handle, kit=kit), shop.apologies)


if __name__ == "__main__":
    run(Settings(), service="rag", bind=bind)
