"""Mistakes planted into a copy of the files, to see that each is found."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from devkit.manifests.layout import Layout

Check = Callable[[Layout], list[str]]


@dataclass(frozen=True)
class Plant:
    """One mistake: in which file, which text becomes which, and a word that its finding has."""

    name: str
    file: str
    before: str
    after: str
    says: str


PLANTS = (
    Plant(
        "a misspelt value",
        "helm/tierwise/values.yaml",
        "  llm:\n    topic: chat.tier.llm",
        "  llm:\n    topik: chat.tier.llm",
        "topik",
    ),
    Plant(
        "a field that Kubernetes does not know",
        "helm/tierwise/templates/workload.yaml",
        "terminationGracePeriodSeconds: {{",
        "terminationGracePeriod: {{",
        "terminationGracePeriod",
    ),
    Plant(
        "more replicas than partitions",
        "helm/tierwise/values.yaml",
        "scaling: {lagThreshold: 20, max: 48}",
        "scaling: {lagThreshold: 20, max: 480}",
        "partitions",
    ),
    Plant(
        "a manifest edited by hand",
        "deploy/k8s/scaling.yaml",
        "maxReplicaCount: 24",
        "maxReplicaCount: 99",
        "not what the chart renders",
    ),
    Plant(
        "a compose key that is none",
        "docker-compose.yml",
        "    shm_size: 128m",
        "    shm_sise: 128m",
        "shm_sise",
    ),
    Plant(
        "a service that compose forgot",
        "docker-compose.yml",
        "\n  ledger:\n",
        "\n  legder:\n",
        "ledger",
    ),
)


@dataclass(frozen=True)
class Found:
    """What the check said of one planted mistake; None: it said nothing of it."""

    plant: Plant
    finding: str | None


def planted(root: Path, check: Check) -> Iterator[Found]:
    """Plant each mistake into a copy of its own and check that; ValueError for a stale one."""
    for plant in PLANTS:
        with tempfile.TemporaryDirectory() as scratch:
            copy = _copied(root, Path(scratch))
            file = copy / plant.file
            text = file.read_text()
            if plant.before not in text:
                raise ValueError(f"{plant.file} holds no {plant.before!r}: renew the plant")
            file.write_text(text.replace(plant.before, plant.after, 1))
            found = (one for one in check(Layout(copy)) if plant.says in one)
            yield Found(plant, next(found, None))


def _copied(root: Path, to: Path) -> Path:
    for name in ("helm", "deploy/k8s"):
        shutil.copytree(root / name, to / name)
    for project in root.glob("services/*/pyproject.toml"):
        target = to / project.relative_to(root)
        target.parent.mkdir(parents=True)
        shutil.copy(project, target)
    shutil.copy(root / "docker-compose.yml", to)
    return to
