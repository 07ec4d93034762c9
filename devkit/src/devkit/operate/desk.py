"""The command `tierwise desk`: what a person's desk needs, until it has a page of its own."""

from typing import Annotated

import typer
from rich.console import Console

from bus.kafka import KafkaBus
from devkit.errors import environment_error
from devkit.interrupt import run
from devkit.operate import handoffs
from devkit.operate.handoffs import Held
from devkit.project import Project
from devkit.stack.record import require_running

app = typer.Typer(add_completion=False, no_args_is_help=True)

Kafka = Annotated[str | None, typer.Option(help="Bootstrap servers; else the running stack's.")]


@app.command("list")
def show(
    words: Annotated[bool, typer.Option(help="Show what the customer said last.")] = False,
    kafka: Kafka = None,
) -> None:
    """List the conversations that persons have, the oldest first."""
    console = Console(highlight=False)
    held = run(handoffs.read(_bus(kafka)))
    for one in held.values():
        console.print(line(one, words=words), markup=False, soft_wrap=True)
    console.print(f"{len(held)} open.")


@app.command()
def release(
    session: Annotated[str, typer.Argument(help="The session, as `tierwise desk list` shows it.")],
    anyway: Annotated[bool, typer.Option(help="Also one that is not on the list.")] = False,
    kafka: Kafka = None,
) -> None:
    """Give a conversation back to the bot: it answers the customer's next turn."""
    bus = _bus(kafka)
    held = run(handoffs.read(bus)).get(session)
    if held is None and not anyway:
        raise environment_error(
            f"No person has {session!r}, as far as chat.handoff tells: it is kept for a day. "
            "Release an older one with --anyway."
        )
    run(handoffs.release(bus, session, held))
    Console(highlight=False).print(f"{session} is the bot's again.", markup=False)


def _bus(kafka: str | None) -> KafkaBus:
    return KafkaBus(kafka or require_running(Project.find()).kafka)


def line(one: Held, *, words: bool) -> str:
    """One conversation on one line. The customer's words only where they are asked for."""
    told = f"  {one.last}" if words else ""
    turns = "1 turn" if one.turns == 1 else f"{one.turns} turns"
    session, reason = one.opened.session_id, one.opened.reason
    return f"{session}  since {one.since:%Y-%m-%d %H:%M:%S}  {reason}  {turns}{told}"
