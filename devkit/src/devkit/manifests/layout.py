"""Where chart, values, rendered manifests and compose file lie, and what is rendered to where."""

import re
from dataclasses import dataclass
from pathlib import Path

from devkit.manifests.helm import Helm
from devkit.project import Project

RENDERED_BY = "full-values.yaml"
"""The values with every switch on: what deploy/k8s shows."""

SOURCE = re.compile(r"^# Source: tierwise/templates/([\w-]+)\.yaml$", re.MULTILINE)


@dataclass(frozen=True)
class Layout:
    """The files of one checkout, or of a copy of it."""

    root: Path

    @classmethod
    def of(cls, project: Project) -> "Layout":
        """The files of a project."""
        return cls(project.root)

    @property
    def chart(self) -> Path:
        """The chart's folder."""
        return self.root / "helm" / "tierwise"

    @property
    def values(self) -> tuple[Path, ...]:
        """Every set of values that must render."""
        return tuple(sorted((self.chart / "ci").glob("*.yaml")))

    @property
    def rendered(self) -> Path:
        """The rendered manifests, committed."""
        return self.root / "deploy" / "k8s"

    @property
    def compose(self) -> Path:
        """The compose file."""
        return self.root / "docker-compose.yml"

    @property
    def services(self) -> tuple[str, ...]:
        """The names of the workspace's services."""
        members = (self.root / "services").glob("*/pyproject.toml")
        return tuple(sorted(member.parent.name for member in members))


def rendered_files(helm: Helm, layout: Layout) -> dict[str, str]:
    """File name to text: one file for each of the chart's templates. Raises HelmFailed."""
    stream = helm.render(layout.chart, layout.chart / "ci" / RENDERED_BY)
    files: dict[str, str] = {}
    for document in stream.split("\n---\n"):
        if found := SOURCE.search(document):
            name = f"{found[1]}.yaml"
            body = document.removeprefix("---\n").strip()
            files[name] = files.get(name, "") + f"---\n{body}\n"
    return files
