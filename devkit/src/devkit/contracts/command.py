"""The command `tierwise contracts`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from devkit.contracts.asyncapi import document
from devkit.contracts.layout import as_yaml
from devkit.contracts.schema import schema_of
from devkit.errors import DevkitError
from devkit.project import Project
from events.wire import TYPES

app = typer.Typer(add_completion=False)

HEADING = "# Generated from the models by `tierwise contracts`; a test holds it to them.\n"


def generated() -> Mapping[str, str]:
    """Every generated file's text, by its path below docs/."""
    schemas = {
        f"schemas/{name}.schema.json": json.dumps(schema_of(model, name), indent=2) + "\n"
        for model, name in TYPES.items()
    }
    return {"asyncapi.yaml": HEADING + as_yaml(document()), **schemas}


def stale(docs: Path) -> list[str]:
    """The generated files that differ from what is checked in, and leftovers, by name."""
    wanted = generated()
    kept = {
        name: (docs / name).read_text(encoding="utf-8")
        for name in wanted
        if (docs / name).is_file()
    }
    left = {f"schemas/{file.name}" for file in (docs / "schemas").glob("*")} - wanted.keys()
    return sorted(name for name in wanted if kept.get(name) != wanted[name]) + sorted(left)


@app.command()
def contracts(
    check: Annotated[bool, typer.Option(help="Write nothing; fail when a file is stale.")] = False,
) -> None:
    """Write docs/asyncapi.yaml and docs/schemas/ from the models."""
    docs = Project.find().docs
    old = stale(docs)
    if check and old:
        names = ", ".join(old)
        raise DevkitError(f"Not as the models say: {names}. Run `tierwise contracts`.")
    if not check:
        write(docs)
    Console().print(f"{len(generated())} files, {len(old) if not check else 0} changed.")


def write(docs: Path) -> None:
    """Write every file, and remove schemas of events that exist no more."""
    (docs / "schemas").mkdir(parents=True, exist_ok=True)
    wanted = generated()
    for name, text in wanted.items():
        (docs / name).write_text(text, encoding="utf-8")
    for file in (docs / "schemas").glob("*"):
        if f"schemas/{file.name}" not in wanted:
            file.unlink()
