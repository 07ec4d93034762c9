import json
from dataclasses import replace
from pathlib import Path

import pytest

from devkit.errors import ENVIRONMENT, DevkitError
from devkit.project import Project
from devkit.settings import Settings
from devkit.stack.environment import Ports, Site, environment
from devkit.stack.keys import ensure_keys, frontend_key
from devkit.stack.postgres import as_role
from devkit.stack.roles import SERVICES
from devkit.stack.services import Plan

PORTS = (Ports(9000, 9001), Ports(9002, 9003))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    project = Project(tmp_path)
    ensure_keys(project)
    dsns = {name: f"postgresql://{name}@127.0.0.1/tierwise" for name in SERVICES}
    extra = {"*": {"OTEL_TRACES_EXPORTER": "console"}, "order": {"TIERWISE_CONCURRENCY": "4"}}
    return Site(project, "127.0.0.1:9092", dsns, extra)


def test_a_service_gets_its_own_role_and_health_port(site: Site) -> None:
    env = environment(site, "template", 1, PORTS)
    assert env["OTEL_SERVICE_NAME"] == "template"
    assert env["TIERWISE_POSTGRES"] == "postgresql://template@127.0.0.1/tierwise"
    assert env["TIERWISE_HEALTH_PORT"] == "9002"
    assert "TIERWISE_GATEWAY_KEY" not in env
    assert "TIERWISE_CONCURRENCY" not in env


def test_telemetry_is_off_unless_asked_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_METRICS_EXPORTER", "otlp")
    env = environment(site, "order", 0, PORTS)
    assert env["OTEL_LOGS_EXPORTER"] == "none"
    assert env["OTEL_METRICS_EXPORTER"] == "otlp"
    assert env["OTEL_TRACES_EXPORTER"] == "console"
    assert env["TIERWISE_CONCURRENCY"] == "4"


def test_nothing_else_of_the_environment_is_inherited(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_SECRET", "never")
    assert "SOME_SECRET" not in environment(site, "order", 0, PORTS)


def test_every_gateway_replica_knows_its_place_among_all(site: Site) -> None:
    envs = [environment(site, "gateway", replica, PORTS) for replica in (0, 1)]
    assert [env["TIERWISE_REPLICA"] for env in envs] == ["0", "1"]
    assert [env["TIERWISE_HTTP_PORT"] for env in envs] == ["9001", "9003"]
    peers = ["http://127.0.0.1:9001", "http://127.0.0.1:9003"]
    assert all(json.loads(env["TIERWISE_PEERS"]) == peers for env in envs)
    assert envs[0]["TIERWISE_GATEWAY_KEY"] == str(frontend_key(site.project, "gateway"))
    assert envs[0]["TIERWISE_SESSION_SECRET"] == envs[1]["TIERWISE_SESSION_SECRET"]


def test_only_llm_is_told_where_models_are_called(site: Site) -> None:
    simulated = replace(site, simulator="http://127.0.0.1:8090")
    assert environment(simulated, "llm", 0, PORTS)["TIERWISE_SIMULATOR"] == "http://127.0.0.1:8090"
    assert "TIERWISE_SIMULATOR" not in environment(simulated, "rag", 0, PORTS)


def test_a_key_goes_to_llm_alone(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-test")
    monkeypatch.setattr("devkit.stack.environment.settings", Settings)
    env = environment(site, "llm", 0, PORTS)
    assert env["ANTHROPIC_API_KEY"] == "sk-ant-test"
    assert "TIERWISE_SIMULATOR" not in env
    for name in set(SERVICES) - {"llm"}:
        assert "ANTHROPIC_API_KEY" not in environment(site, name, 0, PORTS)


def test_an_unknown_service_is_refused() -> None:
    with pytest.raises(DevkitError, match="No service is named cashier") as refused:
        Plan(services=("order", "cashier"))
    assert refused.value.exit_code == ENVIRONMENT


def test_a_role_gets_the_same_server_and_database() -> None:
    admin = "postgresql://admin:s%40cret@127.0.0.1:5432/tierwise?sslmode=disable"
    assert as_role(admin, "order", "p@ss") == (
        "postgresql://order:p%40ss@127.0.0.1:5432/tierwise?sslmode=disable"
    )


def test_only_rag_is_told_where_the_index_is(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIERWISE_DEV_QDRANT_API_KEY", "q-secret")
    monkeypatch.setattr("devkit.stack.environment.settings", Settings)
    indexed = replace(site, qdrant="http://127.0.0.1:6333")
    env = environment(indexed, "rag", 0, PORTS)
    assert env["TIERWISE_QDRANT"] == "http://127.0.0.1:6333"
    assert env["TIERWISE_QDRANT_API_KEY"] == "q-secret"
    assert "TIERWISE_QDRANT" not in environment(indexed, "llm", 0, PORTS)
