"""One run: a stack, its load, the faults, and everything written down about them."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from heapq import merge
from operator import attrgetter
from pathlib import Path
from typing import Any

from rich.console import Console

from bus.kafka import KafkaBus
from devkit.check.account import Running
from devkit.check.customers import seed_returns
from devkit.check.dialogues import dialogues
from devkit.check.driver import Driver
from devkit.check.effects import customers_orders, write_rows
from devkit.check.fault.field import Fault, Field
from devkit.check.history import Log
from devkit.check.lines import Lines
from devkit.check.live import showing
from devkit.check.mix import PLAIN, Mix
from devkit.check.papers import HISTORY, SAMPLES, Papers
from devkit.check.progress import sample, watched
from devkit.check.purse import BILLED
from devkit.check.reader import Copies, Copyist
from devkit.check.script import Planned, script
from devkit.check.settling import settle, write_bills
from devkit.check.timetable import timetable
from devkit.check.warming import warmed
from devkit.frontend import Frontend
from devkit.project import Project
from devkit.stack.progress import Steps
from devkit.stack.services import Plan
from devkit.stack.stack import Stack
from playbook.shop import load_shop

FRONTEND = "check"
SINGLE = frozenset({"rag", "ledger"})
"""What runs once: rag loads torch, which takes long; the ledger is in no turn's way."""

QUIESCE_S = 40.0
SETTLE_S = 1.5
LOOK_S = 0.1


@dataclass(frozen=True)
class Options:
    """What kind of run: how many sessions, turns a second, seconds, and the seed of everything.

    `speed`: how many times faster than the playbook says the simulator answers.
    """

    sessions: int = 500
    rate: float = 100.0
    seconds: float = 60.0
    seed: int = 7
    replicas: int = 2
    mix: Mix = PLAIN
    speed: float = 1.0

    @property
    def plan(self) -> Plan:
        """Which processes run."""
        services = self.mix.services
        each = {name: 1 if name in SINGLE else self.replicas for name in services}
        extra = {"simulator": {"TIERWISE_SIMULATOR_SPEED": f"{self.speed:g}"}}
        return Plan(services=services, replicas=each, extra=extra)

    def as_dict(self) -> dict[str, object]:
        """For the result's JSON."""
        names = ("sessions", "rate", "seconds", "seed", "replicas", "speed")
        return {name: getattr(self, name) for name in names} | {"mix": self.mix.name}


async def run_load(
    project: Project, options: Options, faults: Sequence[Fault], console: Console
) -> tuple[Papers, Path]:
    """Load a stack of its own, inject the faults; the papers, and the folder they lie in."""
    table = timetable(faults, options.seconds, options.seed)
    async with Stack(project, plan=options.plan, steps=Steps(console)) as stack:
        folder = stack.run.folder
        async with _field(project, stack, options) as field:
            await warmed(field, options.mix)
            with showing(field, options, console):
                await _loaded(field, options, table)
                await _quiet(field)
            answered = len(field.copyist.answered)
        await _written(stack, options, answered, console)
    return Papers.read(folder), folder


async def _written(stack: Stack, options: Options, answered: int, console: Console) -> None:
    """Copy what is left of the run in the tables and in the provider's book."""
    folder = stack.run.folder
    (folder / BILLED).touch()
    if options.mix.modelled:
        console.print("Reconciling calls with the provider's book …")
        await settle(stack, stack.project.playbook, answered)
        await write_bills(stack, folder)
    await write_rows(stack.admin_dsn, folder)
    console.print("Ending the stack …")


@asynccontextmanager
async def _field(project: Project, stack: Stack, options: Options) -> AsyncIterator[Field]:
    bus, folder = KafkaBus(stack.bootstrap), stack.run.folder
    orders = await customers_orders(stack.admin_dsn)
    if options.mix.modelled:
        await seed_returns(stack.admin_dsn, options.mix.returns(options.seconds), folder)
    groups = watched(options.mix.services)
    with (
        Log(folder / HISTORY) as history,
        Copies(folder) as copies,
        Log(folder / SAMPLES) as samples,
    ):
        async with bus.producer(FRONTEND) as producer:
            driver = Driver(producer, Frontend.load(project, FRONTEND), history)
            driver.note(_running(project, groups, options))
            copyist = Copyist(bus, copies)
            dice, name = random.Random(options.seed), f"check-{time.strftime('%H%M%S')}"
            lines = Lines.read(project.playbook)
            async with _watching(copyist.run(), sample(stack.bootstrap, groups, samples)):
                yield Field(stack, bus, driver, copyist, dice, orders, name, lines)


def _running(project: Project, groups: tuple[str, ...], options: Options) -> Running:
    """What the run is judged by."""
    if not options.mix.modelled:
        return Running(groups=groups)
    spec = load_shop(project.playbook).models
    models = dict(spec.models)
    return Running(groups=groups, cap_usd=spec.session_cap_usd, models=models, breaker=spec.breaker)


@asynccontextmanager
async def _watching(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run these beside the block; what failed among them is raised at its end."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
        for task in tasks:
            if task.done():
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _turns(field: Field, options: Options) -> Iterator[Planned]:
    """All that is said, in the order of time."""
    single = script(
        run=field.run,
        seed=options.seed,
        sessions=options.sessions,
        rate=options.rate,
        seconds=options.seconds,
        customers=sorted(field.orders),
        pick=options.mix.pick(field.orders, field.lines),
    )
    if not options.mix.modelled:
        return single
    held = dialogues(
        run=field.run,
        seed=options.seed,
        seconds=options.seconds,
        returns=options.mix.returns(options.seconds),
        handoffs=options.mix.handoffs(options.seconds),
    )
    return merge(single, held, key=attrgetter("at_s"))


async def _loaded(field: Field, options: Options, table: Sequence[tuple[float, Fault]]) -> None:
    async with asyncio.TaskGroup() as both:
        both.create_task(field.driver.run(_turns(field, options)))
        both.create_task(_injected(field, table))


async def _injected(field: Field, table: Sequence[tuple[float, Fault]]) -> None:
    start = time.monotonic()
    for at_s, fault in table:
        await asyncio.sleep(max(0.0, start + at_s - time.monotonic()))
        await fault.inject(field)


async def _quiet(field: Field) -> None:
    """Wait until every acked turn is answered, and a little longer for what should not come."""
    for _ in range(int(QUIESCE_S / LOOK_S)):
        if not field.driver.acked - field.copyist.answered.keys():
            break
        await asyncio.sleep(LOOK_S)
    await asyncio.sleep(SETTLE_S)
