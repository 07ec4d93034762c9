"""What each process of a service reads from its environment. Nothing else reaches it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from devkit.project import Project
from devkit.settings import inherited_environment, settings
from devkit.stack.keys import customer_jwt_keys, frontend_key, session_secret
from devkit.stack.ports import LOOPBACK

TELEMETRY_OFF = {
    "OTEL_TRACES_EXPORTER": "none",
    "OTEL_METRICS_EXPORTER": "none",
    "OTEL_LOGS_EXPORTER": "none",
}


@dataclass(frozen=True)
class Ports:
    """A process's own: one for its health, one for its HTTP interface if it has one."""

    health: int
    http: int


@dataclass(frozen=True)
class Site:
    """What all services of a stack share. `dsns` maps a service to the DSN of its own role;
    `extra` is environment added for one service, or under "*" for all; `simulator` the address of
    the simulated provider, None where the real one is called; `qdrant` the index's."""

    project: Project
    kafka: str
    dsns: Mapping[str, str]
    extra: Mapping[str, Mapping[str, str]]
    simulator: str | None = None
    qdrant: str | None = None


def environment(site: Site, name: str, replica: int, ports: Sequence[Ports]) -> dict[str, str]:
    """The whole environment of replica `replica` of a service; `ports` are all its replicas'."""
    own = {
        "OTEL_SERVICE_NAME": name,
        "PYTHONUNBUFFERED": "1",
        "TIERWISE_KAFKA": site.kafka,
        "TIERWISE_POSTGRES": site.dsns[name],
        "TIERWISE_PLAYBOOK": str(site.project.playbook),
        "TIERWISE_FRONTENDS": str(site.project.frontends),
        "TIERWISE_HEALTH_PORT": str(ports[replica].health),
    }
    if name == "gateway":
        own |= _gateway(site.project, replica, ports)
    if name == "ledger":
        own["TIERWISE_HTTP_PORT"] = str(ports[replica].http)
    if name == "llm":
        own |= _provider(site)
    if name == "rag" and site.qdrant:
        own |= _index(site.qdrant)
    added = {**site.extra.get("*", {}), **site.extra.get(name, {})}
    return TELEMETRY_OFF | inherited_environment() | own | added


def _gateway(project: Project, replica: int, ports: Sequence[Ports]) -> dict[str, str]:
    return {
        "TIERWISE_HTTP_PORT": str(ports[replica].http),
        "TIERWISE_GATEWAY_KEY": str(frontend_key(project, "gateway")),
        "TIERWISE_CUSTOMER_JWT_KEY": str(customer_jwt_keys(project)[1]),
        "TIERWISE_SESSION_SECRET": session_secret(project),
        "TIERWISE_REPLICA": str(replica),
        "TIERWISE_PEERS": json.dumps([f"http://{LOOPBACK}:{one.http}" for one in ports]),
    }


def _index(qdrant: str) -> dict[str, str]:
    key = settings().qdrant_api_key
    secret = {"TIERWISE_QDRANT_API_KEY": key.get_secret_value()} if key else {}
    return {"TIERWISE_QDRANT": qdrant} | secret


def _provider(site: Site) -> dict[str, str]:
    """Where models are called: the key goes to this one service alone."""
    key = settings().anthropic_api_key
    if key:
        return {"ANTHROPIC_API_KEY": key.get_secret_value()}
    return {"TIERWISE_SIMULATOR": site.simulator} if site.simulator else {}
