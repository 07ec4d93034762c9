"""The command `tierwise trace`."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from devkit.demo.command import SERVICES
from devkit.demo.play import FRONTEND, play
from devkit.demo.promise import Told
from devkit.downloads import announce
from devkit.errors import DevkitError
from devkit.interrupt import run
from devkit.project import Project
from devkit.settings import export
from devkit.stack.progress import Steps
from devkit.stack.services import Plan
from devkit.stack.stack import Stack
from devkit.trace.export import to_zipkin
from devkit.trace.zipkin import SIZE_MB, VERSION, Zipkin, ensure_jar, jar_path, zipkin
from devkit.tracing import tracing

LOG = "zipkin.log"

app = typer.Typer(add_completion=False)


@app.command()
def trace(
    once: Annotated[bool, typer.Option(help="End when the traces are there, for tests.")] = False,
) -> None:
    """Run the demonstration with tracing on, and show its traces in Zipkin until Ctrl-C."""
    project, console = Project.find(), Console(highlight=False)
    announce(project, console)
    if not jar_path(project).is_file():
        console.print(f"To be fetched: Zipkin {VERSION}, Maven artifact, about {SIZE_MB} MB.")
    run(_traced(project, console, once=once))


async def _traced(project: Project, console: Console, *, once: bool) -> None:
    steps = Steps(console)
    async with steps.step(f"Zipkin {VERSION} fetched"):
        jar = await ensure_jar(project)
    async with zipkin(project, jar, project.state / LOG) as store:
        told = await _played(project, store, steps, console)
        await _list(store, told, console)
        if not once:
            console.print(f"\nZipkin is at {store.url}/zipkin/ until Ctrl-C.")
            await asyncio.Event().wait()


async def _played(
    project: Project, store: Zipkin, steps: Steps, console: Console
) -> Sequence[Told]:
    """The demonstration on a stack of its own; when that ends, every span has been sent."""
    variables = to_zipkin(store.endpoint)
    export(variables)
    plan = Plan(services=SERVICES, extra={"*": variables})
    with tracing(FRONTEND):
        async with Stack(project, plan=plan, steps=steps) as stack:
            performance = await play(project, stack.bootstrap, stack.admin_dsn, console)
            return performance.told


async def _list(store: Zipkin, told: Sequence[Told], console: Console) -> None:
    console.print("\n[bold]Traces[/bold]")
    empty = []
    for one in told:
        trace_id = one.answer.trace_id if one.answer else None
        spans = await store.spans(trace_id) if trace_id else 0
        console.print(f"{escape(one.line.text)}: {spans} spans", soft_wrap=True)
        if trace_id and spans:
            console.print(f"  {store.page(trace_id)}", soft_wrap=True)
        else:
            empty.append(one.line.text)
    if empty:
        raise DevkitError("Zipkin has no trace of: " + "; ".join(empty))
