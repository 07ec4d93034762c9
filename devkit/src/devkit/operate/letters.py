"""The command `tierwise letters`."""

from collections import Counter
from typing import Annotated

import typer
from rich.console import Console

from bus.kafka import KafkaBus
from devkit.errors import environment_error
from devkit.interrupt import run
from devkit.operate.dead import Letter, drive_again, read
from devkit.project import Project
from devkit.stack.record import require_running

app = typer.Typer(add_completion=False)


@app.command()
def letters(
    reason: Annotated[str, typer.Option(help="Only those with this reason.")] = "",
    again: Annotated[
        bool, typer.Option(help="Drive them again to their topics; needs --reason.")
    ] = False,
    kafka: Annotated[
        str | None, typer.Option(help="Bootstrap servers; else the running stack's.")
    ] = None,
) -> None:
    """List what is on chat.dlq, or publish the originals once more."""
    if again and not reason:
        raise environment_error(
            "--again needs --reason: say which dead letters you have looked at."
        )
    bus = KafkaBus(kafka or require_running(Project.find()).kafka)
    console = Console(highlight=False)
    found = [one for one in run(read(bus)) if reason in ("", one.reason)]
    for one in found:
        console.print(line(one), markup=False, soft_wrap=True)
    if again:
        console.print(f"{run(drive_again(bus, found))} driven again.")
    else:
        console.print(summary(found))


def line(one: Letter) -> str:
    """One letter on one line. The customer's text is not shown."""
    return f"{one.at}  {one.reason}  {one.service}  {one.place}  {one.turn_id or '-'}  {one.detail}"


def summary(found: list[Letter]) -> str:
    """How many there are of each reason."""
    counts = Counter(one.reason for one in found)
    told = ", ".join(f"{count} {reason}" for reason, count in counts.most_common())
    return f"{len(found)} dead letters" + (f": {told}." if told else ".")
