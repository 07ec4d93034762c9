"""Append-only logs: one JSON document a line, flushed before the call returns."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from pydantic import BaseModel, TypeAdapter

from devkit.check.account import Entry

ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)

Line = TypeVar("Line", bound=BaseModel)


class Log:
    """Appends models to a file. What was appended survives the death of this process."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8")

    def append(self, line: BaseModel) -> None:
        """Write one line and hand it to the operating system."""
        self._file.write(line.model_dump_json() + "\n")
        self._file.flush()

    def close(self) -> None:
        """Write no more."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def entries(path: Path) -> Iterator[Entry]:
    """The history in the order in which it was written."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield ENTRY.validate_json(line)


def lines(path: Path, model: type[Line]) -> Iterator[Line]:
    """The lines of a log of one kind."""
    with path.open(encoding="utf-8") as rows:
        for row in rows:
            yield model.model_validate_json(row)
