"""Reads one YAML file of the playbook into its model."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from playbook.error import PlaybookError


class Entry(BaseModel):
    """What every model of a playbook file has in common: frozen, and no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Model = TypeVar("Model", bound=BaseModel)


def read_yaml(file: Path) -> Any:
    """The file's content. Raises PlaybookError where it is missing or is no YAML."""
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise PlaybookError(
            file, "file", f"cannot be read ({error.strerror}); create it"
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        remedy = f"is no YAML in UTF-8; correct it: {' '.join(str(error).split())}"
        raise PlaybookError(file, "file", remedy) from error


def read_model(file: Path, model: type[Model]) -> Model:
    """The file as a model. Raises PlaybookError with the first field that does not fit."""
    try:
        return model.model_validate(read_yaml(file))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "file"
        raise PlaybookError(file, field, _remedy(first["type"], first["msg"])) from error


def read_folder(folder: Path, model: type[Model]) -> dict[str, Model]:
    """Every YAML file of a folder as a model, by file name. Raises PlaybookError, also if empty."""
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise PlaybookError(folder, "folder", "holds no .yaml file; add at least one")
    return {file.stem: read_model(file, model) for file in files}


def _remedy(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "is not a field of this file; remove it or correct its spelling"
    if kind == "missing":
        return "is missing; add it"
    return f"{message}; correct it"
