"""The commands `tierwise evidence render` and `tierwise evidence check`."""

import typer
from rich.console import Console

from devkit.errors import DevkitError
from devkit.evidence import pages
from devkit.project import Project

app = typer.Typer(help="Figures in the documentation, and where they come from.")
console = Console(highlight=False)


@app.callback(invoke_without_command=False)
def group() -> None:
    """Figures in the documentation, and where they come from."""


@app.command()
def render() -> None:
    """Write the figures of docs/evidence/ into README.md and docs/."""
    changed = pages.render(Project.find())
    console.print("\n".join(f"written: {name}" for name in changed) or "Nothing changed.")


@app.command()
def check() -> None:
    """Fail where a page tells another figure than its evidence."""
    count, problems = pages.check(Project.find())
    if problems:
        told = "\n".join(map(str, problems))
        raise DevkitError(f"{told}\nWrite the measured ones: tierwise evidence render.")
    console.print(f"{count} places agree with their evidence.")
