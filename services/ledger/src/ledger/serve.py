"""Opens the resources of the ledger, reads until told to stop, and begins again after a failure."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from bus.kafka import KafkaBus
from events.topics import EGRESS
from ledger.beside import beside
from ledger.metrics import Metrics
from ledger.reading import Reading
from ledger.repository import Repository, open_repository
from ledger.settings import Settings
from ledger.web import Views
from playbook.price import PriceList
from playbook.reference import Reference
from playbook.source import read_model
from worker.handler import Unavailable
from worker.health import Server, health_server
from worker.reach import partitions_of

log = logging.getLogger(__name__)

PAUSE_S = 1.0
OFTEN, SELDOM = timedelta(minutes=15), timedelta(days=30)
SELDOM_S = 3600.0
"""Calls begun within `OFTEN` are looked at every few seconds, within `SELDOM` every hour."""

HELD = timedelta(minutes=15)
"""So long a call without a bill counts against its session's cap. No call lasts a minute, and a
worker tries for ten to write a bill: after that none comes by itself."""

RELEASE_S = 60.0


class Ledger:
    """One reading after another: a broken one is given up whole, and the next starts clean."""

    def __init__(self, settings: Settings, repository: Repository, metrics: Metrics) -> None:
        self._settings = settings
        self._repository = repository
        self._metrics = metrics
        self.prices = read_model(settings.playbook / "prices.yaml", PriceList)
        self.reading = self._next()

    async def run(self, stop: asyncio.Event) -> None:
        """Read until `stop`."""
        while not stop.is_set():
            await self._once(stop)
            if not stop.is_set():
                await asyncio.sleep(PAUSE_S)
                self.reading = self._next()

    async def adjust(self) -> None:
        """Book what no reply carries, again and again, until cancelled."""
        since, next_full = SELDOM, 0.0
        while True:
            try:
                self._metrics.adjusted(await self._repository.adjust(since))
            except Unavailable as away:
                log.warning("calls are adjusted later: %s", away)
            except Exception:
                # One bad row must not end the books' upkeep; it is looked at again each time.
                log.exception("calls cannot be adjusted")
            now = asyncio.get_running_loop().time()
            if since is SELDOM:
                next_full = now + SELDOM_S
            await asyncio.sleep(self._settings.adjust_s)
            since = SELDOM if now >= next_full else OFTEN

    async def release(self) -> None:
        """Free sessions of what is held for calls that nobody will bill, until cancelled."""
        while True:
            try:
                released = await self._repository.release(HELD)
                self._metrics.released(released.calls, float(released.usd))
                if released.calls:
                    told = "%d calls have no bill after %s: %s USD no longer count against a cap"
                    log.warning(told, released.calls, HELD, released.usd)
            except Unavailable as away:
                log.warning("holds are released later: %s", away)
            except Exception:
                log.exception("holds cannot be released")
            await asyncio.sleep(RELEASE_S)

    async def _once(self, stop: asyncio.Event) -> None:
        """One reading, as soon as a broker answers. Raises LookupError: the topic is missing."""
        await _unless(stop, partitions_of(KafkaBus(self._settings.kafka), EGRESS))
        if stop.is_set():
            return
        try:
            await self.reading.run(stop)
        except Exception:
            log.exception("reading failed; it begins again")

    def _next(self) -> Reading:
        return Reading(self._settings, self._repository, self._metrics, self.prices)


async def serve(settings: Settings) -> None:
    """Keep the books until SIGTERM or SIGINT. Raises PlaybookError, ValueError: wrong settings."""
    reference = read_model(settings.playbook / "reference.yaml", Reference)
    async with AsyncExitStack() as stack:
        repository = await stack.enter_async_context(open_repository(settings.postgres))
        metrics = Metrics()
        ledger = Ledger(settings, repository, metrics)
        views = Views(lambda: ledger.reading.live, repository, metrics, ledger.prices, reference)
        host, port = settings.host, settings.health_port
        adjusting = await stack.enter_async_context(beside("adjusting", ledger.adjust()))
        releasing = await stack.enter_async_context(beside("releasing", ledger.release()))
        health = health_server(
            host,
            port,
            live=lambda: adjusting() or releasing(),
            ready=lambda: ledger.reading.unready,
        )
        await stack.enter_async_context(health)
        await stack.enter_async_context(_serving(views.app(), host, settings.http_port))
        await ledger.run(_stop_on_signals())


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, object]) -> None:
    """Wait for `work`, or give it up at `stop`. Raises what it raises."""
    tasks = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    if not tasks[0].cancelled() and (failure := tasks[0].exception()):
        raise failure


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


@asynccontextmanager
async def _serving(app: ASGIApp, host: str, port: int) -> AsyncIterator[None]:
    server = Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
    )
    task = asyncio.create_task(server.serve(), name="http")
    try:
        yield
    finally:
        server.should_exit = True
        await task
