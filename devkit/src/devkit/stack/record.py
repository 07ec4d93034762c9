"""`stack.json`: the addresses of a running stack, for other commands."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from devkit.errors import environment_error
from devkit.project import Project


@dataclass(frozen=True)
class Record:
    """Where everything of one stack is. Holds passwords: the file is its owner's alone."""

    pid: int
    started: float
    """When that process began, in seconds since 1970: numbers of processes are used again."""
    kafka: str
    postgres_admin: str
    postgres: Mapping[str, str]
    """Service -> DSN of its own role."""
    gateways: tuple[str, ...]
    """Base URLs of the gateway's replicas, in their order."""
    health: Mapping[str, str]
    """Process (`order-0`) -> base URL of /livez and /readyz."""
    logs: str
    simulator: str | None = None
    """Base URL of the simulated provider, None where the stack runs none."""
    qdrant: str | None = None
    """Where the index is, None where no rag runs."""
    ledger: str | None = None
    """Base URL of the ledger's view, None where the stack runs none."""

    def write(self, path: Path) -> None:
        """Replace the file whole, readable by its owner alone."""
        scratch = path.with_suffix(f".{os.getpid()}")
        scratch.touch(mode=0o600)
        scratch.write_text(json.dumps(asdict(self), indent=2) + "\n")
        scratch.replace(path)


def running(project: Project) -> Record | None:
    """The stack that `tierwise up` runs, or None."""
    if not project.running.exists():
        return None
    fields = json.loads(project.running.read_text())
    record = Record(**(fields | {"gateways": tuple(fields["gateways"])}))
    return record if _lives(record) else None


def require_running(project: Project) -> Record:
    """As `running`. Raises DevkitError when there is none."""
    record = running(project)
    if record is None:
        raise environment_error("No stack is running here: start one with `tierwise up`.")
    return record


def _lives(record: Record) -> bool:
    try:
        return psutil.Process(record.pid).create_time() == record.started
    except psutil.NoSuchProcess:
        return False
