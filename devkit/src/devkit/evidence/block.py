"""The places of a page that are written from evidence: found, and filled.

`<!-- evidence:NAME.path -->` … `<!-- /evidence -->` holds a table,
`<!-- figure:NAME.path|format -->` … `<!-- /figure -->` one value within a
line. What stands in code is left alone.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from devkit.evidence.record import Record
from devkit.evidence.told import Untold, table, told

MARK = re.compile(
    r"<!--\s*(?P<kind>evidence|figure):(?P<what>[^\s>]+)\s*-->|<!--\s*/(?P<end>evidence|figure)\s*-->"
)
CODE = re.compile(r"^(```+|~~~+).*?^\1[ \t]*$|(?<!`)(`+)(?!`)[^\n]*?(?<!`)\2(?!`)", re.M | re.S)
TABLE = "table"
"""What a block without a path shows."""

Read = Callable[[str], Record]


class BrokenBlock(Exception):
    """A block that cannot be filled, with its line; the message says what to do."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Block:
    """One block: from `start` to `end` of the page stands what the evidence says."""

    kind: str
    what: str
    line: int
    start: int
    end: int

    def filling(self, read: Read) -> str:
        """What ought to stand there. Raises BrokenBlock; DevkitError where there is no evidence."""
        where, _, form = self.what.partition("|")
        name, *path = where.split(".")
        value: Any = _at(read(name).figures, path, self)
        try:
            return told(value, form) if self.kind == "figure" else f"\n{table(value)}\n"
        except Untold as problem:
            raise BrokenBlock(self.line, f"{where} {problem}") from problem


def blocks(page: str) -> Iterator[Block]:
    """All blocks in their order. Raises BrokenBlock for one that is not closed, or not opened."""
    open_mark: re.Match[str] | None = None
    for mark in MARK.finditer(_without_code(page)):
        line = page.count("\n", 0, mark.start()) + 1
        if mark["kind"]:
            _refuse(open_mark, page)
            open_mark = mark
            continue
        if open_mark is None or open_mark["kind"] != mark["end"]:
            raise BrokenBlock(line, f"<!-- /{mark['end']} --> closes nothing: remove it")
        begun = page.count("\n", 0, open_mark.start()) + 1
        yield Block(open_mark["kind"], open_mark["what"], begun, open_mark.end(), mark.start())
        open_mark = None
    _refuse(open_mark, page)


def _refuse(open_mark: re.Match[str] | None, page: str) -> None:
    if open_mark is not None:
        line = page.count("\n", 0, open_mark.start()) + 1
        kind, what = open_mark["kind"], open_mark["what"]
        raise BrokenBlock(line, f"{kind}:{what} is not closed: add <!-- /{kind} --> after it")


def filled(page: str, read: Read) -> str:
    """The page with every block as its evidence says. Raises as `blocks` and `filling`."""
    for block in reversed(list(blocks(page))):
        page = page[: block.start] + block.filling(read) + page[block.end :]
    return page


def _at(value: Any, path: list[str], block: Block) -> Any:
    """What lies at a path; a list is entered by place, from 0."""
    if not path and block.kind == "evidence" and isinstance(value, dict) and "rows" not in value:
        path = [TABLE]
    for step in path:
        if isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            raise BrokenBlock(block.line, f"{block.what}: there is no {step!r}; {_known(value)}")
    return value


def _known(value: Any) -> str:
    if isinstance(value, dict):
        return f"known are {', '.join(value)}"
    return f"a list of {len(value)}" if isinstance(value, list) else "it is a single value"


def _without_code(page: str) -> str:
    """The page with its code blanked out, as long as before."""
    return CODE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), page)
