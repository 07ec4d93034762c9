"""Decides the rows of a file: one JSON object a line, for evaluation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devkit.errors import DevkitError, environment_error
from devkit.route.history import parse_history
from devkit.route.router import Router
from devkit.written_json import JsonError, parsed

ROW = 'Every line is a JSON object with "text", and where wanted "id" and "history".'


@dataclass(frozen=True)
class Row:
    """One line of a batch: what is decided, and what it is known by."""

    text: str
    history: object = None
    id: object = None


def read_rows(file: Path) -> tuple[Row, ...]:
    """All rows, checked before any is decided. Raises DevkitError naming the line."""
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise environment_error(f"--batch: {file} cannot be read ({error}).") from error
    rows = tuple(_row(file, at, line) for at, line in enumerate(lines, 1) if line.strip())
    if not rows:
        raise environment_error(f"--batch: {file} has no rows. {ROW}")
    return rows


def decided(router: Router, rows: tuple[Row, ...]) -> Iterator[dict[str, Any]]:
    """For each row its use case, tier and whole decision, with its id and its text."""
    for row in rows:
        known = {} if row.id is None else {"id": row.id}
        yield known | {"text": row.text} | result(router, row.text, row.history)


def result(router: Router, text: str, history: object) -> dict[str, Any]:
    """What `--json` prints of a turn: `use_case`, `tier`, `decision`."""
    decision = router.decide(text, router.recall(history))
    whole = decision.model_dump(mode="json")
    return {"use_case": decision.use_case, "tier": decision.tier.value, "decision": whole}


def _row(file: Path, at: int, line: str) -> Row:
    try:
        raw = parsed(line)
    except JsonError as error:
        raise _bad(file, at, f"is {error}") from error
    if not isinstance(raw, Mapping):
        raise _bad(file, at, "is no object")
    text = raw.get("text")
    if not isinstance(text, str) or not text.strip():
        raise _bad(file, at, 'has no "text", or an empty one')
    try:
        parse_history(raw.get("history"))
    except DevkitError as error:
        raise environment_error(f"{file}, line {at}: {error}") from error
    return Row(text, raw.get("history"), raw.get("id"))


def _bad(file: Path, at: int, what: str) -> DevkitError:
    return environment_error(f"{file}, line {at} {what}: correct it, or leave it out. {ROW}")
