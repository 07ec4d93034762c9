"""`tierwise up` and `tierwise down`: a stack that stays."""

import asyncio
import fcntl
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psutil
from rich.console import Console

from devkit.downloads import announce
from devkit.errors import DevkitError, environment_error
from devkit.project import Project
from devkit.stack.process import Child
from devkit.stack.progress import Steps
from devkit.stack.record import Record, require_running, running
from devkit.stack.services import Plan
from devkit.stack.stack import Stack

DETACHED_START_S = 600.0
STOP_S = 60.0
SUPERVISOR_S = 0.5


async def stay_up(project: Project, plan: Plan, *, brokers: int, console: Console) -> None:
    """Bring the stack up, publish its addresses, report what dies, until cancelled."""
    with only_one(project):
        announce(project, console)
        await _stay(Stack(project, plan=plan, brokers=brokers, steps=Steps(console)), console)


@contextmanager
def only_one(project: Project) -> Iterator[None]:
    """Hold the project's lock. Raises DevkitError when another stack holds it."""
    project.state.mkdir(exist_ok=True)
    with (project.state / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise environment_error(
                "A stack runs here already: end it with `tierwise down`."
            ) from taken
        yield


async def _stay(starting: Stack, console: Console) -> None:
    project = starting.project
    async with starting as stack:
        record = stack.record()
        record.write(project.running)
        try:
            show(record, console)
            await _watch(stack, console)
        finally:
            project.running.unlink(missing_ok=True)
            console.print("Ending the stack …")


def show(record: Record, console: Console) -> None:
    """The addresses that a person needs."""
    for number, url in enumerate(record.gateways):
        console.print(f"Chat page and API  {url}" + (f"  (replica {number})" if number else ""))
    if record.ledger:
        console.print(f"Ledger             {record.ledger}")
    console.print(f"Kafka              {record.kafka}")
    console.print(f"PostgreSQL         {record.postgres_admin}", soft_wrap=True)
    if record.simulator:
        console.print(f"Model simulator    {record.simulator}  (no ANTHROPIC_API_KEY is set)")
    console.print(f"Logs               {record.logs}", soft_wrap=True)
    console.print("Ctrl-C or `tierwise down` ends it.")


async def _watch(stack: Stack, console: Console) -> None:
    dead: set[str] = set()
    while True:
        for child in _children(stack):
            if not child.alive and child.name not in dead:
                dead.add(child.name)
                console.print(f"{child.name} ended. The end of {child.log}:", style="red")
                console.print(child.log_tail(), markup=False)
            elif child.alive:
                dead.discard(child.name)
        await asyncio.sleep(SUPERVISOR_S)
        await _revive(stack, console)


async def _revive(stack: Stack, console: Console) -> None:
    """Start services again that have ended; broker and database are left to whoever killed them."""
    for service in stack.services:
        if service.child.alive:
            continue
        try:
            await service.restart()
        except DevkitError as failed:
            console.print(f"{service.child.name} does not start: {failed}", style="red")
        else:
            console.print(f"{service.child.name} was started again.")


def _children(stack: Stack) -> tuple[Child, ...]:
    return (*stack.infrastructure, *(service.child for service in stack.services))


def detach(project: Project, arguments: Sequence[str], console: Console) -> None:
    """Run `tierwise up` as a process of its own and return when it is up."""
    project.state.mkdir(exist_ok=True)
    log = project.state / "up.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "devkit", "up", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=project.root,
            start_new_session=True,
        )
    show(_await_record(project, process), console)
    process.returncode = 0  # It lives on; nobody here waits for it.


def _await_record(project: Project, process: "subprocess.Popen[bytes]") -> Record:
    deadline = time.monotonic() + DETACHED_START_S
    while process.poll() is None and time.monotonic() < deadline:
        record = running(project)
        if record is not None and record.pid == process.pid:
            return record
        time.sleep(0.1)
    process.terminate()
    raise DevkitError(f"The stack did not come up:\n{(project.state / 'up.log').read_text()}")


def down(project: Project) -> None:
    """End the stack that `tierwise up` runs, and wait for its end."""
    process = psutil.Process(require_running(project).pid)
    process.terminate()
    try:
        process.wait(STOP_S)
    except psutil.TimeoutExpired as late:
        raise DevkitError(
            f"The stack (process {process.pid}) has not ended after {STOP_S:.0f} s."
        ) from late
