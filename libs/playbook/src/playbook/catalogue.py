"""Reads the catalogue: one series a line, as JSON. `playbook/catalogue/series.jsonl`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from playbook.error import PlaybookError
from playbook.series import Series

CATALOGUE = "catalogue/series.jsonl"
"""Its place in a playbook."""


def catalogue_of(playbook: Path) -> tuple[Series, ...]:
    """The series of a playbook, none for a shop without a catalogue. Raises PlaybookError."""
    file = playbook / CATALOGUE
    return read_catalogue(file) if file.exists() else ()


def read_catalogue(file: Path) -> tuple[Series, ...]:
    """Every series of the file, as written. Raises PlaybookError: file, line, field, remedy.

    An empty line is skipped; an id that came before is refused.
    """
    found: dict[str, Series] = {}
    for number, line in _lines(file):
        series = _series(file, number, line)
        if series.id in found:
            remedy = f"{series.id!r} stands on an earlier line; remove one of the two"
            raise PlaybookError(file, f"line {number}: id", remedy)
        found[series.id] = series
    return tuple(found.values())


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        remedy = f"cannot be read ({error.strerror}); create it"
        raise PlaybookError(file, "file", remedy) from error
    except UnicodeDecodeError as error:
        raise PlaybookError(file, "file", "is not UTF-8; save it as UTF-8") from error
    return ((number, line) for number, line in enumerate(lines, 1) if line.strip())


def _series(file: Path, number: int, line: str) -> Series:
    try:
        return Series.model_validate(_object(file, number, line))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "series"
        missing = first["type"] == "missing"
        remedy = "is missing; add it" if missing else f"{first['msg']}; correct it"
        raise PlaybookError(file, f"line {number}: {field}", remedy) from error


def _object(file: Path, number: int, line: str) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        remedy = f"is no JSON ({error.msg} at character {error.colno}); correct it"
        raise PlaybookError(file, f"line {number}", remedy) from error
