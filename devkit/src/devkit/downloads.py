"""What will be fetched, and how large it is, before it is fetched."""

from dataclasses import dataclass

from rich.console import Console

from devkit.project import Project
from devkit.settings import settings
from devkit.stack.jars import cached, kafka_version

# Measured with an empty Maven repository: 43 MB of the broker, 21 MB of Maven's own plugin.
KAFKA_MB = 64


@dataclass(frozen=True)
class Download:
    """One thing that comes from outside. `megabytes` is what travels when nothing is cached."""

    what: str
    source: str
    megabytes: int
    present: bool


def downloads(project: Project) -> tuple[Download, ...]:
    """Everything that a stack fetches by itself; PostgreSQL came with the Python packages."""
    broker = Download(
        what=f"Apache Kafka {kafka_version(project)}",
        source="Maven artifacts",
        megabytes=KAFKA_MB,
        present=cached(project) or settings().kafka is not None,
    )
    return (broker,)


def announce(project: Project, console: Console) -> None:
    """Name what is about to be fetched; say nothing when all is there."""
    for one in downloads(project):
        if not one.present:
            console.print(f"To be fetched: {one.what}, {one.source}, about {one.megabytes} MB.")


def describe(one: Download) -> str:
    """One line for `tierwise downloads`."""
    state = "there already" if one.present else f"about {one.megabytes} MB to fetch"
    return f"{one.what} ({one.source}): {state}"
