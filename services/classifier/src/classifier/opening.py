"""Opens the classifier's desk: the shop, the model and what `chat.control` says."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bus.port import Bus
from classifier.asking import asking
from classifier.controls import Controls
from classifier.desk import Desk
from classifier.english import read_words
from classifier.following import following
from classifier.limits import Limits
from classifier.manifest import check_labels
from classifier.model import Model
from classifier.reading.reader import Reader, read_by
from classifier.settings import Settings
from playbook.shop import load_shop
from worker.clock import BrokerClock


@asynccontextmanager
async def open_desk(settings: Settings, bus: Bus) -> AsyncIterator[Desk]:
    """A desk that is kept up to date. Raises PlaybookError, ModelError."""
    shop, model = load_shop(settings.playbook), Model.load(settings.model)
    read_words()
    check_labels(model.manifest, shop.use_cases)
    controls = Controls(BrokerClock())
    reader = Reader.load(settings.model, model.version)
    limits = read_by(Limits.of(shop.use_cases, model.manifest), reader)
    async with asking(model) as ask, following(bus, controls):
        yield Desk(shop, ask, limits, controls, reader)
