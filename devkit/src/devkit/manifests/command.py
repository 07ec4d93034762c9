"""The commands `tierwise manifests render` and `check`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from devkit.errors import DevkitError
from devkit.manifests import findings
from devkit.manifests.helm import Helm, find_helm
from devkit.manifests.layout import Layout, rendered_files
from devkit.manifests.plant import Found, planted
from devkit.project import Project

app = typer.Typer(
    help="Render the chart; check chart, manifests and compose file.",
    no_args_is_help=True,
    add_completion=False,
)

Crds = Annotated[
    Path | None,
    typer.Option(help="Folder GROUP/KIND_VERSION.json with JSON Schemas of custom resources."),
]


def _wrong(helm: Helm, layout: Layout, crds: Path | None) -> list[str]:
    return [
        *findings.of_chart(helm, layout),
        *findings.of_manifests(helm, layout, crds),
        *findings.of_drift(helm, layout),
        *findings.of_compose(layout),
    ]


@app.command()
def render() -> None:
    """Write deploy/k8s from the chart."""
    project, console = Project.find(), Console(highlight=False)
    layout = Layout.of(project)
    files = rendered_files(find_helm(project), layout)
    layout.rendered.mkdir(exist_ok=True)
    for stale in layout.rendered.glob("*.yaml"):
        stale.unlink()
    for name, text in files.items():
        (layout.rendered / name).write_text(text)
    console.print(f"{len(files)} files in {layout.rendered}.", soft_wrap=True)


@app.command()
def check(
    crds: Crds = None,
    plant: Annotated[
        bool, typer.Option("--planted", help="Then plant mistakes and see that each is found.")
    ] = False,
) -> None:
    """Lint and validate everything that deploys the system. Exit code 1 if anything is wrong."""
    project, console = Project.find(), Console(highlight=False)
    helm, layout = find_helm(project), Layout.of(project)
    if wrong := _wrong(helm, layout, crds):
        raise DevkitError("\n".join(wrong))
    console.print("Chart, manifests and compose file are right.")
    if plant:
        _see(planted(layout.root, lambda copy: _wrong(helm, copy, crds)), console)


def _see(found: Iterator[Found], console: Console) -> None:
    missed = []
    for one in found:
        said = " ".join((one.finding or "NOT FOUND").split())
        console.print(f"planted {one.plant.name}: {said}", markup=False, soft_wrap=True)
        if one.finding is None:
            missed.append(one.plant.name)
    if missed:
        raise DevkitError("Not found: " + ", ".join(missed))
