"""Opens what an llm worker needs, and puts it together."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from llm.desk import Desk
from llm.kit import Kit, Terms
from llm.models.asking import Asking
from llm.models.herald import heralding
from llm.models.model import models_of
from llm.models.provider import open_provider
from llm.money.chores import open_chores
from llm.money.claims import Claims
from llm.money.lease import held
from llm.money.repository import open_repository
from llm.output.guard import Guard
from llm.output.names import Names
from llm.output.warmth import Warmth
from llm.prompt import Prompter
from llm.settings import Settings
from llm.underway import open_underway
from playbook.catalogue import catalogue_of
from playbook.shop import Shop
from worker.outlet import open_outlet


@asynccontextmanager
async def open_desk(settings: Settings, shop: Shop) -> AsyncIterator[Desk]:
    """A desk with a lease, a provider and an outlet of its own. Postgres may be away.

    Raises PlaybookError for a catalogue that cannot be read, bus.port.Unreachable without Kafka.
    """
    models = models_of(shop)
    names = Names.of(catalogue_of(settings.playbook), shop.guard.everyday)
    connections = sum(model.spec.concurrency for model in models.values())
    async with AsyncExitStack() as stack:
        rows = await stack.enter_async_context(open_repository(settings.postgres))
        owner = await stack.enter_async_context(held(rows))
        chores = await stack.enter_async_context(open_chores())
        provider = await stack.enter_async_context(
            open_provider(settings.key, settings.simulator, connections)
        )
        outlet = await stack.enter_async_context(open_outlet(settings.kafka, "llm"))
        by = f"llm-{owner.hex[:12]}"
        await stack.enter_async_context(heralding(outlet, models.values(), by))
        underway = await stack.enter_async_context(open_underway())
        yield Desk(
            Kit(
                models=models,
                claims=Claims(rows, owner, chores),
                asking=Asking(provider, simulated=settings.simulated),
                screen=outlet,
                prompter=Prompter(shop),
                check=Guard(shop, names).check,
                kept=Warmth(shop.guard.courtesies).kept,
                terms=_terms(settings, shop),
            ),
            underway,
        )


def _terms(settings: Settings, shop: Shop) -> Terms:
    cap, read_on = shop.models.session_cap_usd, shop.prices.read_on
    return Terms(cap, read_on, settings.simulated, settings.deadline_s)
