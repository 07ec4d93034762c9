"""The services as processes: which, how many, and what each reads from its environment."""

import asyncio
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from devkit.errors import environment_error
from devkit.project import Project
from devkit.settings import inherited_environment
from devkit.stack.command import Command
from devkit.stack.keys import customer_jwt_keys, frontend_key, session_secret
from devkit.stack.ports import LOOPBACK, free_ports
from devkit.stack.process import Child, Guard, until_ready
from devkit.stack.roles import SERVICES

DEFAULT = ("classifier", "template", "order", "gateway")
READY_S = 60.0
TELEMETRY_OFF = {
    "OTEL_TRACES_EXPORTER": "none",
    "OTEL_METRICS_EXPORTER": "none",
    "OTEL_LOGS_EXPORTER": "none",
}


@dataclass(frozen=True)
class Addresses:
    """What every service is told: where the broker is, and its own way into the database."""

    kafka: str
    dsns: Mapping[str, str]


@dataclass(frozen=True)
class Plan:
    """Which services run. `replicas` counts a service's processes where it is not 1; `extra` is
    environment added for one service, or under "*" for all."""

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

    def __init__(self, name: str, replica: int, ports: tuple[int, int], child: Child) -> None:
        self.name = name
        self.replica = replica
        self.health_port, self.http_port = ports
        self.child = child

    @property
    def health_url(self) -> str:
        """Base URL of /livez and /readyz."""
        return f"http://{LOOPBACK}:{self.health_port}"

    @property
    def url(self) -> str:
        """Where its HTTP interface is; only the gateway has one."""
        return f"http://{LOOPBACK}:{self.http_port}"

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


def plan_services(
    plan: Plan, addresses: Addresses, project: Project, logs: Path, watch: Guard
) -> tuple[Service, ...]:
    """Every process of the plan, not started yet."""
    return tuple(
        _service(name, replica, plan, addresses, project, logs, watch)
        for name in plan.services
        for replica in range(plan.replicas.get(name, 1))
    )


async def start_all(services: Iterable[Service]) -> None:
    """Start them together; the first that fails ends the wait."""
    async with asyncio.TaskGroup() as starting:
        for service in services:
            starting.create_task(service.start())


def environment(
    name: str,
    replica: int,
    ports: tuple[int, int],
    plan: Plan,
    addresses: Addresses,
    project: Project,
) -> dict[str, str]:
    """The whole environment of one process of a service."""
    own = {
        "OTEL_SERVICE_NAME": name,
        "PYTHONUNBUFFERED": "1",
        "TIERWISE_KAFKA": addresses.kafka,
        "TIERWISE_POSTGRES": addresses.dsns[name],
        "TIERWISE_PLAYBOOK": str(project.playbook),
        "TIERWISE_FRONTENDS": str(project.frontends),
        "TIERWISE_HEALTH_PORT": str(ports[0]),
    }
    if name == "gateway":
        own |= _gateway(replica, plan.replicas.get(name, 1), ports[1], project)
    added = {**plan.extra.get("*", {}), **plan.extra.get(name, {})}
    return TELEMETRY_OFF | inherited_environment() | own | added


def _gateway(replica: int, replicas: int, port: int, project: Project) -> dict[str, str]:
    return {
        "TIERWISE_HTTP_PORT": str(port),
        "TIERWISE_GATEWAY_KEY": str(frontend_key(project, "gateway")),
        "TIERWISE_CUSTOMER_JWT_KEY": str(customer_jwt_keys(project)[1]),
        "TIERWISE_REPLICA": str(replica),
        "TIERWISE_REPLICAS": str(replicas),
        "TIERWISE_SESSION_SECRET": session_secret(project),
    }


def _service(
    name: str,
    replica: int,
    plan: Plan,
    addresses: Addresses,
    project: Project,
    logs: Path,
    watch: Guard,
) -> Service:
    first, second = free_ports(2)
    env = environment(name, replica, (first, second), plan, addresses, project)
    command = Command(argv=(sys.executable, "-m", name), env=env, cwd=project.root)
    label = f"{name}-{replica}"
    return Service(
        name, replica, (first, second), Child(label, command, logs / f"{label}.log", watch)
    )
