"""The order worker: settings, playbook, frontends, rows, handler, run."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from order.desk import Desk
from order.handler import handle
from order.repository import open_repository
from order.settings import Settings
from playbook.frontends import Frontends
from playbook.shop import load_shop
from worker.run import Bound, run


@asynccontextmanager
async def bind(settings: Settings) -> AsyncIterator[Bound]:
    """The handler with the shop's words, the registered frontends and the shop's rows."""
    shop, frontends = load_shop(settings.playbook), Frontends(settings.frontends)
    async with open_repository(settings.postgres) as orders:
        desk = Desk(shop)
        handler = partial(handle, orders=orders, desk=desk, key_of=frontends.key)
        yield Bound(handler, shop.apologies)


if __name__ == "__main__":
    run(Settings(), service="order", bind=bind)
