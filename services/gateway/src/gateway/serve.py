"""Opens the resources of one replica, serves, and stops within a few seconds of SIGTERM."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from bus.port import Bus
from events.topics import EGRESS
from gateway.app import create_app
from gateway.customer import Customers
from gateway.egress import Egress
from gateway.handover import Handover, client
from gateway.hub import Hub
from gateway.parts import Parts
from gateway.publisher import Publisher, signing_key
from gateway.rate import Rates
from gateway.ring import Ring
from gateway.session import Sessions
from gateway.settings import Listening, Settings
from gateway.window import Window
from playbook.frontends import Frontends
from worker.health import Server, health_server
from worker.reach import partitions_of

GRACE_S = 3


def server(app: ASGIApp, host: str, port: int) -> Server:
    """A server for clients. Stopping, it cancels requests that run for three more seconds."""
    return Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_S,
        )
    )


@asynccontextmanager
async def opened(settings: Settings, bus: Bus) -> AsyncIterator[Parts]:
    """The parts of a replica, reading egress while inside.

    Raises what tells of a wrong setting: ValueError, TypeError, OSError.
    """
    key = signing_key(settings.gateway_key, Frontends(settings.frontends))
    customers = Customers.from_pem(settings.customer_jwt_key) if settings.customer_jwt_key else None
    ring = Ring(await partitions_of(bus, EGRESS), settings.replica, settings.replicas)
    window, hub = Window(), Hub()
    egress = Egress(bus, ring, window, hub)
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(client())
        producer = await stack.enter_async_context(bus.producer("gateway"))
        reading = asyncio.create_task(egress.run(), name="egress")
        stack.push_async_callback(_cancelled, reading)
        yield Parts(
            sessions=Sessions(settings.session_secret.get_secret_value()),
            customers=customers,
            rates=Rates(settings.rate),
            publisher=Publisher(producer, key),
            window=window,
            hub=hub,
            handover=Handover(ring, settings.peers, http, hub.closing),
            caught_up=lambda: egress.ready,
        )


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait((task,))


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


async def serving(parts: Parts, where: Listening, stop: asyncio.Event) -> None:
    """Serve until `stop`: then end all streams with a hint to retry, finish requests, return."""
    public = server(create_app(parts), where.host, where.http_port)
    tasks = [asyncio.create_task(public.serve()), asyncio.create_task(stop.wait())]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    parts.hub.close()
    public.should_exit = True
    tasks[1].cancel()
    await tasks[0]


async def serve(settings: Settings, bus: Bus) -> None:
    """Serve one replica until SIGTERM or SIGINT."""
    async with opened(settings, bus) as parts:
        stop = _stop_on_signals()
        async with health_server(
            settings.host, settings.health_port, live=lambda: None, ready=lambda: parts.unready
        ):
            await serving(parts, settings, stop)
