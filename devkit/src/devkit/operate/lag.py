"""The command `tierwise lag`."""

from typing import Annotated

import typer
from rich.console import Console

from bus.standing import Standing, Standings
from devkit.interrupt import run
from devkit.project import Project
from devkit.stack.record import require_running
from events.tier import Tier
from events.topics import EGRESS, INGRESS, tier_topic

app = typer.Typer(add_completion=False)

READ_BY = {
    "classifier": INGRESS,
    **{tier.value: tier_topic(tier) for tier in Tier},
    "ledger": EGRESS,
}


@app.command()
def lag(
    kafka: Annotated[
        str | None, typer.Option(help="Bootstrap servers; else the running stack's.")
    ] = None,
) -> None:
    """Show how many records wait for each worker's group."""
    console = Console(highlight=False)
    standing = run(_standing(kafka or require_running(Project.find()).kafka))
    for group, found in standing.items():
        told = f"{found.lag} waiting, {found.committed} done" if found else "no broker answers"
        console.print(f"{group:<12}{READ_BY[group]:<22}{told}")


async def _standing(bootstrap: str) -> dict[str, Standing | None]:
    async with Standings(bootstrap) as standings:
        return {group: await standings.of(group, topic) for group, topic in READ_BY.items()}
