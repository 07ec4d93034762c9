"""Labelled utterances: rows of JSONL, from one file or from a shop's folder."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, ValidationError

from devkit.training.error import CorpusError
from devkit.training.grammar import expanded

__all__ = ["Corpus", "CorpusError", "Row", "read_rows", "sha256_of"]

ROW = 'A row is an object like {"text": "where is my parcel", "label": "order_tracking"}'


def _said(text: str) -> str:
    if text and not text.strip():
        raise ValueError("nothing but blanks")
    return text


Words = Annotated[str, Field(min_length=1), AfterValidator(_said)]


class Row(BaseModel):
    """One utterance.

    `family` is what must not be split between training and test: all fillings of one template, or
    neighbours written on one theme (`<label>/<theme>/<part>`). `history` is what was said before,
    oldest first (see docs/routing.md). `acceptable_labels` are further right ones, `must_not` those
    that would do harm. `source` says who wrote or published it, `slots` what a grammar filled in,
    `template` the line that it filled, with its {slots}; a row written by hand has neither.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    text: Words
    label: Words
    family: str = ""
    history: tuple[JsonValue, ...] = ()
    acceptable_labels: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    source: str = ""
    slots: dict[str, str] = {}
    template: str = ""

    @property
    def theme(self) -> str:
        """Label and theme: the family without its part."""
        return self.family.rpartition("/")[0]

    @cached_property
    def accepts(self) -> frozenset[str]:
        """Every label that is right."""
        return frozenset((self.label, *self.acceptable_labels))


@dataclass(frozen=True)
class Corpus:
    """Rows in a fixed order, and the SHA-256 over the files they came from."""

    rows: tuple[Row, ...]
    sha256: str

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read one `.jsonl` file, or a shop's folder with a file and a grammar for each label.

        In a folder each file holds the rows of the label it is named after, and grammars are
        expanded (`devkit.training.grammar`). Raises CorpusError where there is no row,
        for a line that does not parse, a label that is not its file's name, and there for a text
        that occurs twice (case ignored). In a single file such a text is kept once and accepts all
        its labels.
        """
        if not path.is_dir():
            if not (rows := list(read_rows(path))):
                raise CorpusError(f"{path} has no rows. {ROW}, a line.")
            return cls(tuple(_without_twins(rows)), sha256_of([path]))
        files = sorted(path.glob("*.jsonl"))
        if not files:
            raise CorpusError(f"{path} holds no .jsonl file. Give a file or a folder with rows.")
        rows = [row for file in files for row in _labelled(file)]
        _refuse_twins(rows)
        grammars = sorted(path.glob("grammars/*.yaml"))
        drawn = expanded(grammars, path, {row.text.strip().lower() for row in rows})
        return cls((*rows, *(Row(**one) for one in drawn)), sha256_of([*files, *grammars]))

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels, in alphabetical order: the order of the network's outputs."""
        return tuple(sorted({row.label for row in self.rows}))

    @property
    def families(self) -> int:
        """Number of families."""
        return len({row.family for row in self.rows})


def sha256_of(files: list[Path]) -> str:
    """Over names and bytes, in the order given. Raises CorpusError for a pipe: it is read once."""
    total = hashlib.sha256()
    for file in files:
        if not file.is_file():
            raise CorpusError(f"{file} is no regular file. Save the rows in one, and name that.")
        total.update(file.name.encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def read_rows(file: Path) -> Iterator[Row]:
    """Every row of a file, those that say the same twice too. Raises CorpusError."""
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise CorpusError(f"{file} cannot be read: {error.strerror}. Check the path.") from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{file} is not UTF-8 text: {error}. Save it as UTF-8.") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _row(line, file, number)


def _row(line: str, file: Path, number: int) -> Row:
    try:
        return Row.model_validate_json(line)
    except ValidationError as error:
        told = [": ".join((*map(str, e["loc"]), e["msg"])) for e in error.errors()]
        raise CorpusError(
            f"{file.name}, line {number}: {'; '.join(told)}. {ROW}. Correct the line, or leave it "
            "out."
        ) from error


def _labelled(file: Path) -> list[Row]:
    rows = list(read_rows(file))
    for number, row in enumerate(rows, start=1):
        if row.label != file.stem:
            raise CorpusError(
                f"{file.name}, line {number}: label {row.label!r} is not the file's name"
            )
        if not row.family:
            raise CorpusError(f"{file.name}, line {number}: family is missing: {row.text!r}")
    return rows


def _without_twins(rows: list[Row]) -> list[Row]:
    """The first of each text, accepting the labels of all: public data says the same twice.

    A text with another history is another one.
    """
    seen: dict[tuple[str, str], Row] = {}
    for row in rows:
        key = (row.text.strip().lower(), repr(row.history))
        first = seen.setdefault(key, row)
        if first is not row:
            update = {
                "acceptable_labels": tuple(sorted(first.accepts | row.accepts)),
                "must_not": tuple(sorted({*first.must_not, *row.must_not})),
            }
            seen[key] = Row(**first.model_dump() | update)
    return list(seen.values())


def _refuse_twins(rows: list[Row]) -> None:
    seen: dict[str, Row] = {}
    for row in rows:
        first = seen.setdefault(row.text.strip().lower(), row)
        if first is not row:
            raise CorpusError(
                f"{row.text!r} occurs twice: in {first.family} and in {row.family}. Keep one."
            )
