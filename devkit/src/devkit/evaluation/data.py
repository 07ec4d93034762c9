"""The rows to judge a model on: a file line by line, or a shop's folder."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from devkit.errors import environment_error
from devkit.training.corpus import ROW, Corpus, CorpusError, Row, sha256_of
from devkit.training.rows import BACKGROUND
from devkit.written_json import JsonError, parsed


@dataclass(frozen=True)
class Data:
    """Rows in their order, each with the number of its line (in a folder: of the row, from 1).

    Every row counts, those that say the same twice too: they are traffic. The last `background`
    rows are out of scope, from a second file; their numbers are the lines of that one. `repeated`
    is how many more that file had which also occur in the data.
    """

    rows: tuple[Row, ...]
    numbers: tuple[int, ...]
    sha256: str
    background: int = 0
    background_sha256: str | None = None
    repeated: int = 0

    def with_background(self, file: Path, out_of_scope: str) -> "Data":
        """The same rows and those of a file of texts, which are out of scope whatever their label.

        A text that is also in the data is left out. Raises as `read`.
        """
        said = {_key(row) for row in self.rows}
        every = list(_rows(file, {"label": out_of_scope, "source": BACKGROUND}))
        fresh = [(number, row) for number, row in every if _key(row) not in said]
        return replace(
            self,
            rows=(*self.rows, *(row for _, row in fresh)),
            numbers=(*self.numbers, *(number for number, _ in fresh)),
            background=len(fresh),
            background_sha256=sha256_of([file]),
            repeated=len(every) - len(fresh),
        )

    def calling(self, theirs: str, ours: str) -> "Data":
        """The same rows with another name for one label: what is out of scope has many names.

        Raises DevkitError when no row has it.
        """
        found = sorted({row.label for row in self.rows})
        if theirs not in found:
            raise environment_error(
                f"No row has the label {theirs!r}, given as --out-of-scope. "
                f"The labels found: {', '.join(found)}."
            )
        return replace(self, rows=tuple(_renamed(row, theirs, ours) for row in self.rows))


def read(path: Path) -> Data:
    """Read a `.jsonl` file, or a folder as `devkit.training.corpus` does.

    Raises DevkitError for a file that cannot be read, has no rows, or has a line that does not
    parse, and CorpusError for a folder that cannot be used.
    """
    if path.is_dir():
        corpus = Corpus.read(path)
        numbers = tuple(range(1, len(corpus.rows) + 1))
        return Data(corpus.rows, numbers, corpus.sha256)
    pairs = list(_rows(path, {}))
    return Data(tuple(row for _, row in pairs), tuple(n for n, _ in pairs), sha256_of([path]))


def _rows(file: Path, fixed: dict[str, str]) -> Iterator[tuple[int, Row]]:
    """Line numbers and rows; `fixed` fields are the same in every row."""
    try:
        # Not splitlines: it also ends a line at characters that JSON allows inside of a text.
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise environment_error(f"{file} cannot be read ({error}). Give a UTF-8 file.") from error
    full = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not full:
        raise environment_error(f"{file} has no rows: there is nothing to judge. {ROW}, a line.")
    for number, line in full:
        yield number, _row(line, fixed, f"{file.name}, line {number}")


def _row(line: str, fixed: dict[str, str], place: str) -> Row:
    try:
        raw = parsed(line)
        return Row.model_validate({**raw, **fixed} if isinstance(raw, dict) else raw)
    except JsonError as error:
        problem = str(error)
    except ValidationError as error:
        problem = "; ".join(_told(e["loc"], e["msg"]) for e in error.errors())
    raise CorpusError(f"{place}: {problem}. {ROW}. Correct the line, or leave it out.")


def _told(place: Sequence[int | str], problem: str) -> str:
    return f"{'.'.join(map(str, place))}: {problem}" if place else problem


def _renamed(row: Row, theirs: str, ours: str) -> Row:
    def name(label: str) -> str:
        return ours if label == theirs else label

    change = {
        "label": name(row.label),
        "acceptable_labels": tuple(map(name, row.acceptable_labels)),
        "must_not": tuple(map(name, row.must_not)),
    }
    # Validated anew: a copy would carry the cached set of accepted labels along.
    return Row.model_validate(row.model_dump() | change)


def _key(row: Row) -> str:
    return row.text.strip().lower()
