"""One evidence file: figures, and everything that is needed to measure them again."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from devkit.errors import DevkitError

FOLDER = "evidence"
"""Below docs/."""

NAME = r"^[a-z0-9_]+$"


class Commit(BaseModel):
    """The commit that was measured; `dirty` says that tracked files differed from it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    dirty: bool


class Cpu(BaseModel):
    """The processor: its name, the number formats that decide how int8 rounds, its cores."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    flags: tuple[str, ...]
    cores: int


class Record(BaseModel):
    """The file docs/evidence/<name>.json.

    `date` is the day of the run (UTC), `data` the SHA-256 of every file that was read, by its path
    in the checkout. `seed` is None where nothing was drawn. `figures` is what was measured: nested
    objects of numbers, and tables as `{"columns": …, "rows": …}`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=NAME)
    commit: Commit | None
    date: str
    data: dict[str, str]
    cpu: Cpu
    versions: dict[str, str]
    seed: int | None
    command: str
    figures: dict[str, Any]


def read(name: str, docs: Path) -> Record:
    """The record `name` below `docs`. Raises DevkitError where it is missing or does not parse."""
    file = docs / FOLDER / f"{name}.json"
    shown = f"docs/{FOLDER}/{name}.json"
    if not file.is_file():
        raise DevkitError(
            f"{shown} is missing: run the job that writes it (docs/evidence/README.md)."
        )
    try:
        return Record.model_validate_json(file.read_bytes())
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        place = ".".join(map(str, problem["loc"])) or "the file"
        raise DevkitError(f"{shown}: {place}: {problem['msg']}. Write it anew.") from error
