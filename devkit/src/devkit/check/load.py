"""One run: a stack, its load, the faults, and everything written down about them."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console

from bus.kafka import KafkaBus
from devkit.check.driver import Driver
from devkit.check.effects import customers_orders, write_effects
from devkit.check.fault.field import Fault, Field
from devkit.check.history import Log
from devkit.check.live import showing
from devkit.check.papers import DEAD, EFFECTS, EGRESS, HISTORY, SAMPLES, Papers
from devkit.check.progress import sample
from devkit.check.reader import Copyist
from devkit.check.script import script
from devkit.check.timetable import timetable
from devkit.frontend import Frontend
from devkit.project import Project
from devkit.stack.progress import Steps
from devkit.stack.services import Plan
from devkit.stack.stack import Stack

FRONTEND = "check"
SERVICES = ("classifier", "template", "order")
QUIESCE_S = 40.0
SETTLE_S = 1.5
LOOK_S = 0.1


@dataclass(frozen=True)
class Options:
    """What kind of run: how many sessions, turns a second, seconds, and the seed of everything."""

    sessions: int = 500
    rate: float = 100.0
    seconds: float = 60.0
    seed: int = 7
    replicas: int = 2

    def as_dict(self) -> dict[str, object]:
        """For the result's JSON."""
        return asdict(self)


async def run_load(
    project: Project, options: Options, faults: Sequence[Fault], console: Console
) -> tuple[Papers, Path]:
    """Load a stack of its own, inject the faults; the papers, and the folder they lie in."""
    table = timetable(faults, options.seconds, options.seed)
    plan = Plan(services=SERVICES, replicas=dict.fromkeys(SERVICES, options.replicas))
    async with Stack(project, plan=plan, steps=Steps(console)) as stack:
        folder = stack.run.folder
        orders = await customers_orders(stack.admin_dsn)
        async with _field(project, stack, folder, options, orders) as field:
            with showing(field, options, console):
                await _loaded(field, options, table)
                await _quiet(field)
        with Log(folder / EFFECTS) as log:
            await write_effects(stack.admin_dsn, log)
        console.print("Ending the stack …")
    return Papers.read(folder), folder


@asynccontextmanager
async def _field(
    project: Project,
    stack: Stack,
    folder: Path,
    options: Options,
    orders: Mapping[str, Sequence[str]],
) -> AsyncIterator[Field]:
    bus = KafkaBus(stack.bootstrap)
    with (
        Log(folder / HISTORY) as history,
        Log(folder / EGRESS) as egress,
        Log(folder / DEAD) as dead,
        Log(folder / SAMPLES) as samples,
    ):
        async with bus.producer(FRONTEND) as producer:
            driver = Driver(producer, Frontend.load(project, FRONTEND), history)
            copyist = Copyist(bus, egress, dead)
            watching = [
                asyncio.create_task(copyist.run(), name="copy"),
                asyncio.create_task(sample(stack.bootstrap, samples), name="sample"),
            ]
            dice, name = random.Random(options.seed), f"check-{time.strftime('%H%M%S')}"
            try:
                yield Field(stack, bus, driver, copyist, dice, orders, name)
                _raise_failed(watching)
            finally:
                for task in watching:
                    task.cancel()
                await asyncio.gather(*watching, return_exceptions=True)


def _raise_failed(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        if task.done():
            task.result()


async def _loaded(field: Field, options: Options, table: Sequence[tuple[float, Fault]]) -> None:
    plan = script(
        run=field.run,
        seed=options.seed,
        sessions=options.sessions,
        rate=options.rate,
        seconds=options.seconds,
        orders=field.orders,
    )
    async with asyncio.TaskGroup() as both:
        both.create_task(field.driver.run(plan))
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
