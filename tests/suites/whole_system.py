"""The whole system as tests see it, and a frontend that an operator has registered."""

from dataclasses import dataclass

from devkit.errors import DevkitError
from devkit.project import Project
from devkit.stack import keys
from devkit.stack.stack import Stack
from devkit.trace.collector import Collector

OUTSIDER = "confluent-e2e"


@dataclass(frozen=True)
class System:
    """A running system. Shared by all tests here: use sessions of your own."""

    stack: Stack
    collector: Collector


def register_outsider(project: Project) -> None:
    """A frontend of its own, as an operator would register it before the services start."""
    try:
        keys.add_frontend(OUTSIDER, limit=100, registry=project.frontends, keys=project.keys)
    except DevkitError:
        # From an earlier run: its key is still good.
        assert keys.frontend_key(project, OUTSIDER).is_file()
