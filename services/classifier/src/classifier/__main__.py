"""Runs the classifier: `python -m classifier`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from classifier.asking import asking
from classifier.desk import Desk
from classifier.handler import handle
from classifier.manifest import check_labels
from classifier.model import Model
from classifier.settings import Settings
from playbook.frontends import Frontends
from playbook.shop import load_shop
from worker.run import Bound, run


@asynccontextmanager
async def bind(settings: Settings) -> AsyncIterator[Bound]:
    """The handler with the shop, the model and the registered frontends."""
    shop, model = load_shop(settings.playbook), Model.load(settings.model)
    check_labels(model.labels, shop.use_cases)
    async with asking(model) as ask:
        frontends = Frontends(settings.frontends)
        handler = partial(handle, desk=Desk(shop, ask, model.version))
        yield Bound(handler, shop.apologies, frontends.key, frontends.limit)


if __name__ == "__main__":
    run(Settings(), service="classifier", bind=bind)
