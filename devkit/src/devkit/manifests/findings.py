"""What is wrong with chart, manifests or compose file: one sentence each, none if right."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import yaml

from devkit.manifests.helm import KUBERNETES, Helm, HelmFailed
from devkit.manifests.layout import Layout, rendered_files

COMPOSE_ALONE = frozenset({"simulator", "index"})
"""In the profile `app` beside the services of the workspace."""


def of_chart(helm: Helm, layout: Layout) -> Iterator[str]:
    """helm's lint with each set of values, and what the schema of the values refuses."""
    for values in layout.values:
        try:
            helm.lint(layout.chart, values)
        except HelmFailed as refused:
            yield f"helm lint with {values.name}: {refused}"


def of_manifests(helm: Helm, layout: Layout, crds: Path | None) -> Iterator[str]:
    """Every object against the schemas of Kubernetes, strictly; custom ones where there is one."""
    for values in layout.values:
        try:
            stream = helm.render(layout.chart, values)
        except HelmFailed as refused:
            yield f"helm template with {values.name}: {refused}"
            continue
        for made in yaml.safe_load_all(stream):
            if made:
                yield from (f"{values.name}: {wrong}" for wrong in _of_object(made, crds))


def _of_object(made: Mapping[str, Any], crds: Path | None) -> Iterator[str]:
    name = f"{made['kind']}/{made['metadata']['name']}"
    try:
        kubernetes_validate.validate(made, KUBERNETES.rpartition(".")[0], strict=True)
    except kubernetes_validate.SchemaNotFoundError:
        yield from (f"{name}: {wrong}" for wrong in _of_custom(made, crds))
    except kubernetes_validate.ValidationError as wrong:
        where = ".".join(str(part) for part in wrong.path) or "the object"
        yield f"{name}: {where}: {wrong.message}"


def _of_custom(made: Mapping[str, Any], crds: Path | None) -> Iterator[str]:
    group, _, version = made["apiVersion"].partition("/")
    schema = crds and crds / group / f"{made['kind'].lower()}_{version}.json"
    if schema and schema.exists():
        validator = jsonschema.Draft7Validator(json.loads(schema.read_text()))
        for wrong in validator.iter_errors(made):
            yield f"{wrong.json_path}: {wrong.message}"


def of_drift(helm: Helm, layout: Layout) -> Iterator[str]:
    """Whether deploy/k8s is what the chart renders."""
    try:
        wanted = rendered_files(helm, layout)
    except HelmFailed as refused:
        yield f"the chart cannot be rendered: {refused}"
        return
    there = {file.name: file.read_text() for file in layout.rendered.glob("*.yaml")}
    for name in sorted(wanted.keys() | there.keys()):
        if wanted.get(name) != there.get(name):
            yield f"{layout.rendered / name} is not what the chart renders: run `make manifests`"


def of_compose(layout: Layout) -> Iterator[str]:
    """The compose file against its schema, and its services against the workspace's."""
    command = (sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec")
    done = subprocess.run(
        (*command, str(layout.compose)), capture_output=True, text=True, check=False
    )
    if done.returncode:
        yield f"{layout.compose.name}: {done.stdout.strip()}"
    services = yaml.safe_load(layout.compose.read_text())["services"]
    given = {name for name, one in services.items() if "app" in one.get("profiles", ())}
    for name in sorted((given - COMPOSE_ALONE) ^ set(layout.services)):
        yield f"{layout.compose.name}: {name} stands there or in services/, but not in both"
    for name, one in services.items():
        yield from _of_dependencies(name, one.get("depends_on") or {}, services)


def _of_dependencies(
    name: str, on: Mapping[str, Any], services: Mapping[str, Any]
) -> Iterator[str]:
    for other in on:
        if other not in services:
            yield f"docker-compose.yml: {name} waits for {other}, which is no service"
