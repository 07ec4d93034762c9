"""Writes evidence files, and keeps out of them what belongs to one machine."""

import json
import platform
import re
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from devkit.errors import DevkitError
from devkit.evidence import machine
from devkit.evidence.record import FOLDER, Record
from devkit.project import Project

MACHINE = re.compile(r"(?:^|[\s\"'=:(,\[])(?:~|[A-Za-z]:)?[/\\](?:[\w.@+-]+[/\\])+[\w.@+-]*")
"""An absolute path, POSIX or Windows."""

SHORTEST_HOST = 4
"""A host named "ci" would be found in half of all words."""


def write(
    name: str,
    figures: Mapping[str, Any],
    *,
    data: Mapping[str, str],
    seed: int | None,
    command: Sequence[str] | None = None,
    project: Project | None = None,
) -> Path:
    """Write docs/evidence/<name>.json and return its path.

    `data` maps files to their SHA-256, `figures` is anything that JSON can hold, without NaN.
    `command` is the line to run again, this process's own if None. Paths inside the checkout are
    written as seen from its root. Raises DevkitError for any other absolute path, the machine's
    name, or a figure that is no JSON.
    """
    place = project or Project.find()
    record = Record(
        name=name,
        commit=machine.commit(place.root),
        date=datetime.now(UTC).date().isoformat(),
        data={_inside(file, place.root): data[file] for file in sorted(data)},
        cpu=machine.cpu(),
        versions=machine.versions(),
        seed=seed,
        command=_line(command or sys.argv, place.root),
        figures=_checked(name, figures),
    )
    raw = record.model_dump(mode="json")
    _refuse_places(name, {key: raw[key] for key in ("data", "command", "figures")})
    folder = place.docs / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.json"
    file.write_text(_laid_out(raw, "") + "\n", encoding="utf-8")
    return file


def _checked(name: str, figures: Mapping[str, Any]) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(json.dumps(dict(figures), allow_nan=False))
    except (TypeError, ValueError) as error:
        message = f"Evidence {name}: a figure is no number, or nothing JSON can hold ({error})."
        raise DevkitError(message) from error
    return found


def _laid_out(value: Any, indent: str) -> str:
    """JSON in two-space steps; a row of a table, and a list of values, keep to one line."""
    deeper = f"{indent}  "
    if isinstance(value, dict) and value:
        pairs = (f"{deeper}{_flat(key)}: {_laid_out(value[key], deeper)}" for key in value)
        return "{\n" + ",\n".join(pairs) + f"\n{indent}}}"
    if isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        lines = (deeper + _flat(one) for one in value)
        return "[\n" + ",\n".join(lines) + f"\n{indent}]"
    return _flat(value)


def _flat(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _inside(file: str, root: Path) -> str:
    path = Path(file)
    if not path.is_absolute():
        return path.as_posix()
    resolved = path.resolve()
    return resolved.relative_to(root).as_posix() if resolved.is_relative_to(root) else path.name


def _line(words: Sequence[str], root: Path) -> str:
    """The command without where it lies: `tierwise router report --seed 7`."""
    if not words:
        return ""
    program = Path(words[0])
    name = program.parent.name if program.name == "__main__.py" else program.name
    given = (_inside(word, root) if Path(word).is_absolute() else word for word in words[1:])
    return shlex.join([name, *given])


def _refuse_places(name: str, raw: Mapping[str, Any]) -> None:
    host = platform.node()
    for where, text in _texts(raw, ""):
        found = MACHINE.search(text)
        if found:
            raise DevkitError(
                f"Evidence {name}: {where} has the path {found.group().strip()!r} of this machine. "
                "Name files as seen from the checkout."
            )
        if len(host) >= SHORTEST_HOST and host != "localhost" and host in text:
            raise DevkitError(f"Evidence {name}: {where} names this machine. Leave it out.")


def _texts(value: Any, where: str) -> Iterator[tuple[str, str]]:
    """Every text in a nested value, keys included, with its place."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, Mapping):
        for key, held in value.items():
            place = f"{where}.{key}" if where else str(key)
            yield place, str(key)
            yield from _texts(held, place)
    elif isinstance(value, Sequence):
        for at, held in enumerate(value):
            yield from _texts(held, f"{where}[{at}]")
