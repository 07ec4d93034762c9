"""The `tierwise` command."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from devkit import parts
from devkit import up as stay
from devkit.customer import customer_token
from devkit.downloads import describe, downloads
from devkit.errors import ENVIRONMENT, DevkitError, environment_error
from devkit.interrupt import run
from devkit.project import Project
from devkit.settings import settings
from devkit.stack import keys, migrations, record
from devkit.stack import seed as seeding
from devkit.stack.roles import SERVICES, ensure_roles
from devkit.stack.services import DEFAULT, Plan
from devkit.stack.topics import PARTITIONS, ensure_topics

app = typer.Typer(
    name="tierwise",
    help="Run, check and measure Tierwise on this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
frontend = typer.Typer(help="Registered chat frontends.", no_args_is_help=True)
app.add_typer(frontend, name="frontend")
console = Console(highlight=False)


@app.command()
def up(
    services: Annotated[
        str, typer.Option(help="Which services to run, comma-separated; empty for none.")
    ] = ",".join(DEFAULT),
    replicas: Annotated[
        list[str] | None, typer.Option(help="SERVICE=N processes; may be given again.")
    ] = None,
    brokers: Annotated[int, typer.Option(min=1, max=3, help="How many Kafka brokers.")] = 1,
    detach: Annotated[bool, typer.Option(help="Return when it is up.")] = False,
) -> None:
    """Start Kafka, PostgreSQL and the services, and stay until Ctrl-C."""
    project = Project.find()
    if detach:
        stay.detach(project, [one for one in sys.argv[2:] if one != "--detach"], console)
        return
    names = tuple(name for name in services.split(",") if name)
    plan = Plan(services=names, replicas=parse_replicas(replicas or []))
    run(stay.stay_up(project, plan, brokers=brokers, console=console))


@app.command()
def down() -> None:
    """End the stack that `tierwise up` runs."""
    stay.down(Project.find())


@app.command()
def status() -> None:
    """Show the addresses of the running stack."""
    stay.show(record.require_running(Project.find()), console)


@app.command()
def migrate(
    dsn: Annotated[
        str | None, typer.Option(help="Administrator's DSN; else the running stack's.")
    ] = None,
) -> None:
    """Make the services' roles if they are missing, and apply the pending migrations."""
    project = Project.find()
    target = dsn or settings().postgres or record.require_running(project).postgres_admin
    given = settings().role_password
    run(ensure_roles(target, dict.fromkeys(SERVICES, given) if given else None))
    done = run(migrations.migrate(target, project.migrations))
    console.print("\n".join(f"applied {name}" for name in done) or "Nothing was pending.")


@app.command()
def seed(
    dsn: Annotated[
        str | None, typer.Option(help="Administrator's DSN; else the running stack's.")
    ] = None,
) -> None:
    """Write the playbook's customers, orders and stock; their dates move to today."""
    project = Project.find()
    target = dsn or settings().postgres or record.require_running(project).postgres_admin
    console.print(f"{run(seeding.seed(target, project))} orders.")


@app.command()
def topics(
    kafka: Annotated[
        str | None, typer.Option(help="Bootstrap servers; else the running stack's.")
    ] = None,
    partitions: Annotated[int, typer.Option(min=1, help="Of every topic of turns.")] = PARTITIONS,
    replication: Annotated[int, typer.Option(min=1, help="Copies of each partition.")] = 1,
) -> None:
    """Create the topics that are missing."""
    bootstrap = kafka or settings().kafka or record.require_running(Project.find()).kafka
    made = run(ensure_topics(bootstrap, partitions=partitions, replication=replication))
    console.print("\n".join(f"created {name}" for name in made) or "All topics are there.")


@app.command("keys")
def make_keys() -> None:
    """Make the development keys that are missing, and register the frontends they belong to."""
    project = Project.find()
    keys.ensure_keys(project)
    console.print(f"Keys in {project.keys}, registrations in {project.frontends}.", soft_wrap=True)


@app.command()
def customer(
    customer_id: Annotated[str, typer.Argument(help="Of playbook/seed/customers.yaml.")] = "c-aiko",
) -> None:
    """Print a customer's token for the development stack, and the chat page signed in."""
    project = Project.find()
    token = customer_token(project, customer_id)
    console.print(token, soft_wrap=True, markup=False)
    found = record.running(project)
    for url in found.gateways if found else ():
        console.print(f"{url}/#token={token}", soft_wrap=True, markup=False)


@app.command("downloads")
def show_downloads() -> None:
    """List what a stack will fetch, and how large it is."""
    for one in downloads(Project.find()):
        console.print(describe(one))


@frontend.command("add")
def add_frontend(
    name: str,
    into: Annotated[
        Path | None, typer.Option(help="Folder of registrations; else the development stack's.")
    ] = None,
    turns_per_second: Annotated[int, typer.Option(min=1, help="Its limit.")] = 100,
) -> None:
    """Register a chat frontend: make its key pair, write its registration."""
    project = Project.find()
    private, entry = keys.add_frontend(
        name, limit=turns_per_second, registry=into or project.frontends, keys=project.keys
    )
    console.print(f"Registered {name}: {entry}", soft_wrap=True)
    console.print(f"Its private key, for the frontend alone: {private}", soft_wrap=True)
    console.print("A running stack reads it at this frontend's first turn.")


def parse_replicas(given: Sequence[str]) -> dict[str, int]:
    """{"order": 2} of ["order=2"]. Raises DevkitError on anything else."""
    counts = {}
    for one in given:
        name, _, count = one.partition("=")
        if not count.isdigit() or int(count) < 1:
            raise environment_error(f"--replicas {one!r} is not like order=2.")
        counts[name] = int(count)
    return counts


def main() -> None:
    """Entry point. An expected failure is one clear message and an exit code, no traceback."""
    chosen = next((one for one in sys.argv[1:] if not one.startswith("-")), None)
    try:
        parts.attach(app, chosen)
        app()
    except DevkitError as failed:
        Console(stderr=True, highlight=False).print(
            str(failed), style="red", markup=False, soft_wrap=True
        )
        sys.exit(failed.exit_code)
    except OSError as failed:
        Console(stderr=True).print(str(failed), style="red", markup=False, soft_wrap=True)
        sys.exit(ENVIRONMENT)
