"""The program helm: the one on the path, else one built once by Go into the cache."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from devkit.errors import environment_error
from devkit.project import Project
from devkit.settings import build_environment

VERSION = "v3.22.0"
MODULE = f"helm.sh/helm/v3/cmd/helm@{VERSION}"
KUBERNETES = "1.36.0"
"""What manifests are rendered and validated for: helm alone assumes 1.20."""


class HelmFailed(Exception):
    """helm refused: the message is what it said."""


class Helm:
    """Runs one program. Raises HelmFailed with what it printed."""

    def __init__(self, program: Path) -> None:
        self._program = program

    def lint(self, chart: Path, values: Path) -> str:
        """What `helm lint --strict` says."""
        flags = ("--strict", "--kube-version", KUBERNETES, "--values", str(values))
        return self._run("lint", str(chart), *flags)

    def render(self, chart: Path, values: Path) -> str:
        """The manifests as one YAML stream."""
        flags = ("--namespace", "tierwise", "--kube-version", KUBERNETES, "--values", str(values))
        return self._run("template", "tierwise", str(chart), *flags)

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            (self._program, *arguments), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise HelmFailed((done.stderr + done.stdout).strip())
        return done.stdout


def find_helm(project: Project) -> Helm:
    """helm 3, built by Go if it must be (about two minutes, once). Raises DevkitError."""
    on_path = shutil.which("helm")
    if on_path and _is_three(on_path):
        return Helm(Path(on_path))
    built = project.cache / "tools" / f"helm-{VERSION}"
    if not built.exists():
        _build(built)
    return Helm(built)


def _is_three(program: str) -> bool:
    said = subprocess.run(
        (program, "version", "--short"), capture_output=True, text=True, check=False
    )
    return bool(re.match(r"v3\.", said.stdout))


def _build(target: Path) -> None:
    go = shutil.which("go")
    if go is None:
        raise environment_error("Neither helm 3 nor Go is installed: one of them is needed.")
    scratch = target.parent / "bin"
    scratch.mkdir(parents=True, exist_ok=True)
    command: Sequence[str] = (go, "install", MODULE)
    environment = build_environment() | {"GOBIN": str(scratch.resolve())}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise environment_error(f"`{' '.join(command)}` failed:\n{done.stderr.strip()}")
    (scratch / "helm").replace(target)
