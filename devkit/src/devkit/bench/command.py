"""The command `tierwise bench`."""

import random
from typing import Annotated

import typer
from rich.console import Console

from classifier.model import Model
from devkit.bench.alone import model_alone, rules_alone
from devkit.bench.measure import Bench
from devkit.bench.report import Results, print_results, write_json
from devkit.bench.tiers import Measured, Tiers
from devkit.bench.way import WAYS
from devkit.bench.words import RULED, cheap, unruled
from devkit.downloads import announce
from devkit.errors import environment_error
from devkit.frontend import Frontend
from devkit.interrupt import run
from devkit.project import Project
from devkit.quiet import quiet_clients
from devkit.settings import settings
from devkit.stack.progress import Steps
from devkit.stack.services import Plan
from devkit.stack.stack import Stack
from events.decision import Evidence
from playbook.shop import Shop, load_shop

SERVICES = ("classifier", "template", "order")
DEARER = ("rag", "llm", "ledger")
"""Started behind the first measurements, so that those stay comparable with earlier releases'."""

FRONTEND = "check"
SEED = 7

app = typer.Typer(add_completion=False)


@app.command()
def bench(
    scale: Annotated[
        float, typer.Option(min=0.1, max=1.0, help="Shorten every measurement, for a trial.")
    ] = 1.0,
    in_flight: Annotated[int, typer.Option(min=1, help="Turns on their way at once.")] = 256,
) -> None:
    """Measure latency beside a bare relay's, throughput, each tier, CPU a turn, the classifier."""
    project, console = Project.find(), Console(highlight=False)
    if settings().anthropic_api_key:
        raise environment_error(
            "The bench calls hundreds of models and reads the simulator's book: unset "
            "ANTHROPIC_API_KEY."
        )
    shop = load_shop(project.playbook)
    announce(project, console)
    quiet_clients()
    results = run(_measured(project, shop, console, scale, in_flight))
    print_results(results, shop, console)
    path = project.state / "bench.json"
    write_json(results, project.root, path)
    console.print(f"Written to {path}", soft_wrap=True)


async def _measured(
    project: Project, shop: Shop, console: Console, scale: float, in_flight: int
) -> Results:
    steps = Steps(console)
    all_texts = unruled(shop, project.playbook / "corpus")
    open_texts = cheap(shop, Model.load(project.playbook / "classifier"), all_texts)
    random.Random(SEED).shuffle(open_texts)
    async with Stack(project, plan=Plan(services=SERVICES), steps=steps) as stack:
        one = Bench(stack, Frontend.load(project, FRONTEND), scale=scale)
        async with steps.step("Three bare hops, 50 a second"):
            relay = await one.relay(RULED)
        async with steps.step("A template turn, 50 a second"):
            turn = await one.turns(RULED)
        async with steps.step("As many turns as go through, by rule"):
            by_rule = await one.sustained(RULED, Evidence.RULE, in_flight)
        async with steps.step("As many turns as go through, by model"):
            by_model = await one.sustained(open_texts, Evidence.MODEL, in_flight)
        tiers = await _tiers(stack, shop, scale, steps)
    async with steps.step("The classifier alone"):
        rules = rules_alone(shop, [*RULED, *open_texts])
        model = model_alone(project.playbook / "classifier", open_texts)
    return Results(relay, turn, by_rule, by_model, rules, model, tiers)


async def _tiers(stack: Stack, shop: Shop, scale: float, steps: Steps) -> tuple[Measured, ...]:
    await stack.start_services(Plan(services=DEARER))
    bench = Tiers(stack, Frontend.load(stack.project, FRONTEND), shop, scale=scale)
    idle = await bench.idle()
    found = []
    for way in WAYS:
        async with steps.step(f"{way.name[0].upper()}{way.name[1:]}, {way.rate:g} a second"):
            found.append(await bench.measured(way, idle))
    return tuple(found)
