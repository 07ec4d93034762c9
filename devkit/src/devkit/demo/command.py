"""The command `tierwise demo`."""

from typing import Annotated

import typer
from rich.console import Console

from devkit.demo.play import FRONTEND, broken, play
from devkit.demo.show import Told
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
SERVICES = ("classifier", "template", "order")


@app.command()
def demo(
    attach: Annotated[
        bool, typer.Option(help="Use the stack that `tierwise up` runs, and leave it running.")
    ] = False,
) -> None:
    """Send the demonstration's turns and show each answer, what decided and how fast."""
    project, console = Project.find(), Console(highlight=False)
    with tracing(FRONTEND):
        if attach:
            told = run(play(project, require_running(project).kafka, console))
        else:
            told = run(_on_own_stack(project, console))
    if wrong := broken(told):
        raise DevkitError("The demonstration did not go as promised:\n" + "\n".join(wrong))


async def _on_own_stack(project: Project, console: Console) -> list[Told]:
    announce(project, console)
    plan = Plan(services=SERVICES)
    async with Stack(project, plan=plan, steps=Steps(console)) as stack:
        told = await play(project, stack.bootstrap, console)
        console.print("Ending the stack …")
    return told
