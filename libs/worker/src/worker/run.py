"""Starts a worker: opens what it needs in order, runs the loop, closes in reverse order."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

import uvloop

from bus.kafka import KafkaBus
from bus.port import Bus
from events import topics
from events.control import Control, Kind
from events.envelope import KeyOf
from events.tier import Tier
from events.wire import Message, encode
from telemetry.setup import setup, shutdown
from worker.apology import Apologies
from worker.clock import BrokerClock
from worker.deadletter import Limit
from worker.handler import Handler, Prepare, as_it_is
from worker.health import health_server
from worker.ingress import Ingress
from worker.lanes import Lanes
from worker.loop import Loop
from worker.marks import PublishedMarks
from worker.outbox import Outbox
from worker.ownership import Ownership
from worker.reach import partitions_of
from worker.retry import Limits
from worker.rows import open_rows
from worker.settings import WorkerSettings
from worker.step import Intake, Step, tier_intake
from worker.throttle import LimitOf, Throttle

log = logging.getLogger(__name__)

DLQ_CAP_BYTES = (2 << 20) - 64 * 1024

S = TypeVar("S", bound=WorkerSettings)


def _unlimited(frontend: str) -> None:
    """No frontend has a limit."""


async def _all_done(within_s: float) -> None:
    """No work outlives its turn."""


@dataclass(frozen=True)
class Bound:
    """A handler with its dependencies bound, and the shop's words for when it fails.

    `key_of` is given by the classifier alone: it makes the worker the door. `limit_of` is the rate
    of each frontend that it knows. `prepare` is called before the handler. `finish` is called at
    the end with the seconds that are left of the drain: it waits no longer for work that goes on
    after its turn was revoked.
    """

    handle: Handler
    apologies: Apologies
    key_of: KeyOf | None = None
    limit_of: LimitOf = _unlimited
    prepare: Prepare = as_it_is
    finish: Callable[[float], Awaitable[None]] = _all_done


Bind = Callable[[S], AbstractAsyncContextManager[Bound]]


def run(settings: S, *, service: str, bind: Bind[S]) -> None:
    """Run a worker until SIGTERM or SIGINT. `service` is its name, and its tier's."""
    setup(service)
    try:
        uvloop.run(serve(settings, KafkaBus(settings.kafka), service, bind))
    finally:
        shutdown()


async def serve(settings: S, bus: Bus, service: str, bind: Bind[S]) -> None:
    """One worker on any bus, until SIGTERM or SIGINT."""
    async with bind(settings) as bound:
        until = await _worked(settings, bus, service, bound)
        # Out of the group by now: others have its partitions while this is waited for.
        await bound.finish(max(until - asyncio.get_running_loop().time(), 0.0))


async def _worked(settings: WorkerSettings, bus: Bus, service: str, bound: Bound) -> float:
    """Be a member until told to stop; the loop's time at which the drain must be over."""
    async with AsyncExitStack() as stack:
        loop = await stack.enter_async_context(assembled(bus, settings, service, bound))
        await stack.enter_async_context(
            health_server(settings.host, settings.health_port, live=loop.stuck, ready=loop.unready)
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, loop.stopping.set)
        return await loop.run(settings.drain_s)


def _topic(service: str) -> str:
    return topics.INGRESS if service == "classifier" else topics.tier_topic(Tier(service))


def _hello(service: str) -> Message:
    entry = Control(kind=Kind.CLOCK, subject=service, by=service, value=1.0, why="started")
    return encode(entry, service)


@asynccontextmanager
async def assembled(
    bus: Bus, settings: WorkerSettings, service: str, bound: Bound
) -> AsyncIterator[Loop]:
    """The runtime of one worker on any bus, joined to its group."""
    clock, lanes = BrokerClock(), Lanes(settings.concurrency)
    topic = _topic(service)
    partitions = await partitions_of(bus, topic)
    async with (
        open_rows(settings.postgres, service) as rows,
        bus.producer(f"{service}-out") as out,
        bus.producer(f"{service}-dead", cap_bytes=DLQ_CAP_BYTES) as dead,
    ):
        # The acknowledgement's stamp sets the clock before the first turn is judged by it.
        clock.saw((await out.send(topics.CONTROL, _hello(service))).timestamp_ms)
        marks = PublishedMarks(rows)
        intake: Intake = tier_intake
        if bound.key_of:
            intake = Ingress(rows, bound.key_of, Throttle(bound.limit_of), partitions)
        limit, outbox = Limit(), Outbox(service, out, dead, clock)
        step = Step(
            service=service,
            intake=intake,
            handle=bound.handle,
            prepare=bound.prepare,
            rows=rows,
            marks=marks,
            outbox=outbox,
            clock=clock,
            apologies=bound.apologies,
            limits=Limits(settings.patience_s, settings.deadline_s),
            dead_limit=limit,
            poison_counts=bound.key_of is None,
        )
        owned = Ownership(service, lanes)
        async with bus.group(service, topic, owned) as consumer, marks.running():
            owned.consumer = consumer
            yield Loop(step, consumer, owned, lanes, clock, limit, outbox)
