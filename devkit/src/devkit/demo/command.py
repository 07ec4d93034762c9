"""The command `tierwise demo`."""

from typing import Annotated

import typer
from rich.console import Console

from devkit.demo.play import FRONTEND, Play, play
from devkit.downloads import announce
from devkit.errors import DevkitError
from devkit.interrupt import run
from devkit.project import Project
from devkit.stack.progress import Steps
from devkit.stack.record import require_running
from devkit.stack.services import Plan
from devkit.stack.stack import Stack
from devkit.tracing import tracing

app = typer.Typer(add_completion=False)

# The demonstration speaks to Kafka itself: it needs no gateway.
SERVICES = ("classifier", "template", "order", "rag", "llm", "ledger")


@app.command()
def demo(
    attach: Annotated[
        bool, typer.Option(help="Use the stack that `tierwise up` runs, and leave it running.")
    ] = False,
) -> None:
    """Tell the story: every use case, each answer with what decided, how fast and at what cost."""
    project, console = Project.find(), Console(highlight=False)
    with tracing(FRONTEND):
        if attach:
            there = require_running(project)
            told = run(play(project, there.kafka, there.postgres_admin, console))
        else:
            told = run(_on_own_stack(project, console))
    if told.broken:
        raise DevkitError("The demonstration did not go as promised:\n" + "\n".join(told.broken))
    console.print(f"\nAll {len(told.told)} turns went as promised.")


async def _on_own_stack(project: Project, console: Console) -> Play:
    announce(project, console)
    plan = Plan(services=SERVICES)
    async with Stack(project, plan=plan, steps=Steps(console)) as stack:
        told = await play(project, stack.bootstrap, stack.admin_dsn, console)
        console.print("\nEnding the stack …")
    return told
