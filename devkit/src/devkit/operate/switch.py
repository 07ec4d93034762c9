"""The command `tierwise switch`."""

from typing import Annotated

import typer
from rich.console import Console

from bus.kafka import KafkaBus
from devkit.errors import environment_error
from devkit.interrupt import run
from devkit.operate import switches
from devkit.operate.switches import Switch
from devkit.project import Project
from devkit.stack.record import require_running
from events.tier import Tier
from playbook.shop import load_shop

app = typer.Typer(add_completion=False)

LIST = "list"
STATES = {"on": True, "off": False}


@app.command()
def switch(
    subject: Annotated[str, typer.Argument(help="A tier, a model of prices.yaml, or: list.")],
    state: Annotated[str, typer.Argument(help="on or off.")] = "",
    why: Annotated[str, typer.Option(help="For whoever reads the list.")] = "",
    kafka: Annotated[
        str | None, typer.Option(help="Bootstrap servers; else the running stack's.")
    ] = None,
) -> None:
    """Switch a tier or a model off or on; `tierwise switch list` shows how they stand.

    A switch holds until the next one, over restarts. Turns on their way already go on.
    """
    project, console = Project.find(), Console(highlight=False)
    if subject != LIST:
        check(subject, state, known_subjects(project))
    bus = KafkaBus(kafka or require_running(project).kafka)
    if subject != LIST:
        run(switches.put(bus, subject, on=STATES[state], why=why))
    for one in run(switches.read(bus)):
        console.print(line(one), markup=False, soft_wrap=True)


def known_subjects(project: Project) -> tuple[str, ...]:
    """What can be switched: every tier that another can stand in for, and the chosen models."""
    tiers = (str(tier) for tier in Tier if tier is not Tier.TEMPLATE)
    return (*tiers, *load_shop(project.playbook).prices.chosen.values())


def check(subject: str, state: str, known: tuple[str, ...]) -> None:
    """Raises DevkitError for a subject or a state that would switch nothing."""
    if subject not in known:
        raise environment_error(f"{subject!r} cannot be switched; {', '.join(known)} can.")
    if state not in STATES:
        raise environment_error(f"Say on or off: tierwise switch {subject} off.")


def line(one: Switch) -> str:
    """One switch on one line."""
    state = "on" if one.on else "off"
    told = f"  {one.entry.why}" if one.entry.why else ""
    return f"{one.entry.subject:<14}{state:<5}since {one.since:%Y-%m-%d %H:%M:%S}{told}"
