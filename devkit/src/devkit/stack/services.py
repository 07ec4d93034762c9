"""The services as processes: which, how many, and what each reads from its environment."""

import asyncio
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from devkit.errors import environment_error
from devkit.stack.command import Command
from devkit.stack.environment import Ports, Site, environment
from devkit.stack.ports import LOOPBACK, free_ports
from devkit.stack.process import Child, Guard, until_ready
from devkit.stack.roles import SERVICES

DEFAULT = ("classifier", "template", "order", "rag", "llm", "ledger", "gateway")
READY_S = 120.0
"""A machine that reads torch from a cold disk takes a minute for rag alone."""


@dataclass(frozen=True)
class Plan:
    """Which services run. `replicas` counts a service's processes where it is not 1; `extra` is
    environment added for one service or for the `simulator`, or under "*" for all services."""

    services: tuple[str, ...] = DEFAULT
    replicas: Mapping[str, int] = field(default_factory=dict)
    extra: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if unknown := set(self.services) - set(SERVICES):
            raise environment_error(
                f"No service is named {', '.join(sorted(unknown))}; "
                f"there are {', '.join(SERVICES)}."
            )


class Service:
    """One process of one service, on ports of its own that it keeps over restarts."""

    def __init__(self, name: str, replica: int, ports: Ports, child: Child) -> None:
        self.name = name
        self.replica = replica
        self.ports = ports
        self.child = child

    @property
    def health_url(self) -> str:
        """Base URL of /livez and /readyz."""
        return f"http://{LOOPBACK}:{self.ports.health}"

    @property
    def url(self) -> str:
        """Where its HTTP interface is; gateway and ledger have one."""
        return f"http://{LOOPBACK}:{self.ports.http}"

    async def start(self) -> None:
        """Start it and wait until /readyz says so. Raises DevkitError with its last 20 lines."""
        self.child.start()
        await self.ready()

    async def ready(self, within: float = READY_S) -> None:
        """Wait until /readyz answers 200, `within` seconds at most."""
        async with httpx.AsyncClient(timeout=1.0, trust_env=False) as client:
            await until_ready(self.child, lambda: self._answers(client), within=within)

    async def stop(self, grace: float = 15.0) -> None:
        """SIGTERM: it drains; after `grace` seconds it is killed."""
        await self.child.stop(grace)

    async def kill(self) -> None:
        """`kill -9`."""
        await self.child.kill()

    async def restart(self) -> None:
        """Start it again after `stop` or `kill`, on the same ports."""
        await self.start()

    async def _answers(self, client: httpx.AsyncClient) -> bool:
        try:
            answer = await client.get(f"{self.health_url}/readyz")
        except httpx.TransportError:
            return False
        return answer.status_code == httpx.codes.OK


def plan_services(plan: Plan, site: Site, logs: Path, watch: Guard) -> tuple[Service, ...]:
    """Every process of the plan, not started yet."""
    planned: list[Service] = []
    for name in plan.services:
        ports = _ports(plan.replicas.get(name, 1))
        for replica, own in enumerate(ports):
            env = environment(site, name, replica, ports)
            command = Command((sys.executable, "-m", name), env, cwd=site.project.root)
            label = f"{name}-{replica}"
            child = Child(label, command, logs / f"{label}.log", watch)
            planned.append(Service(name, replica, own, child))
    return tuple(planned)


def _ports(replicas: int) -> tuple[Ports, ...]:
    free = free_ports(2 * replicas)
    return tuple(Ports(*pair) for pair in zip(free[::2], free[1::2], strict=True))


async def start_all(services: Iterable[Service]) -> None:
    """Start them together; the first that fails ends the wait."""
    async with asyncio.TaskGroup() as starting:
        for service in services:
            starting.create_task(service.start())
