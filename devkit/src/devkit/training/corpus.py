"""The corpus: one JSONL file per label, rows of {"text", "label", "family"}."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class CorpusError(Exception):
    """A corpus cannot be used; the message names the file and the line."""


class Row(BaseModel):
    """One utterance.

    `family` is `<label>/<theme>/<part>`: what must not be split between train and test, that is all
    fillings of one template, or neighbours written on one theme.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(min_length=1)
    label: str = Field(min_length=1)
    family: str = Field(min_length=1)

    @property
    def theme(self) -> str:
        """Label and theme: the family without its part."""
        return self.family.rpartition("/")[0]


@dataclass(frozen=True)
class Corpus:
    """All rows in a fixed order, and the SHA-256 over the files they came from."""

    rows: tuple[Row, ...]
    sha256: str

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read every `*.jsonl` of a folder, in the order of their names.

        Raises CorpusError for an empty folder, a line that does not parse, a label that is not the
        file's name, and a text that occurs twice (case ignored).
        """
        files = sorted(folder.glob("*.jsonl"))
        if not files:
            raise CorpusError(f"{folder} holds no .jsonl file")
        rows = tuple(row for file in files for row in _rows(file))
        _refuse_twins(rows)
        total = hashlib.sha256()
        for file in files:
            total.update(file.name.encode() + b"\0" + file.read_bytes())
        return cls(rows, total.hexdigest())

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels, in alphabetical order: the order of the network's outputs."""
        return tuple(sorted({row.label for row in self.rows}))

    @property
    def families(self) -> int:
        """Number of families."""
        return len({row.family for row in self.rows})


def _rows(file: Path) -> list[Row]:
    rows = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        rows.append(_row(line, file, number))
    return rows


def _row(line: str, file: Path, number: int) -> Row:
    try:
        row = Row.model_validate_json(line)
    except ValidationError as error:
        problem = "; ".join(f"{'.'.join(map(str, e['loc']))} {e['msg']}" for e in error.errors())
        raise CorpusError(f"{file.name}, line {number}: {problem}") from error
    if row.label != file.stem:
        raise CorpusError(f"{file.name}, line {number}: label {row.label!r} is not the file's name")
    return row


def _refuse_twins(rows: tuple[Row, ...]) -> None:
    seen: dict[str, str] = {}
    for row in rows:
        key = row.text.strip().lower()
        if key in seen:
            raise CorpusError(f"{row.text!r} occurs twice: in {seen[key]} and in {row.family}")
        seen[key] = row.family
