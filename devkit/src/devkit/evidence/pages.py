"""The pages that quote evidence: README.md and everything in Markdown below docs/."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from devkit.errors import DevkitError
from devkit.evidence.block import Block, BrokenBlock, Read, blocks, filled
from devkit.evidence.record import read
from devkit.project import Project


@dataclass(frozen=True)
class Problem:
    """A figure of a page that is not what was measured, or cannot be looked up."""

    page: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: {self.message}"


def pages(project: Project) -> list[Path]:
    """Every page, in a fixed order."""
    return [file for file in (project.root / "README.md",) if file.is_file()] + sorted(
        project.docs.rglob("*.md")
    )


def render(project: Project) -> list[str]:
    """Fill every block; the names of the pages that changed.

    Raises DevkitError for a block that cannot be filled: that page stays as it is.
    """
    changed = []
    for file in pages(project):
        page, name = file.read_text(encoding="utf-8"), _name(project, file)
        try:
            new = filled(page, reader(project))
        except BrokenBlock as broken:
            raise DevkitError(str(Problem(name, broken.line, str(broken)))) from broken
        if new != page:
            file.write_text(new, encoding="utf-8")
            changed.append(name)
    return changed


def check(project: Project) -> tuple[int, list[Problem]]:
    """The number of blocks, and everything that is wrong with them."""
    count, problems, found = 0, list[Problem](), reader(project)
    for file in pages(project):
        page, name = file.read_text(encoding="utf-8"), _name(project, file)
        try:
            for block in blocks(page):
                count += 1
                problems += _problems(name, page, block, found)
        except BrokenBlock as broken:
            problems.append(Problem(name, broken.line, str(broken)))
    return count, problems


def reader(project: Project) -> Read:
    """Reads each record once."""
    return cache(lambda name: read(name, project.docs))


def _problems(name: str, page: str, block: Block, found: Read) -> Iterator[Problem]:
    try:
        wanted = block.filling(found)
    except (BrokenBlock, DevkitError) as broken:
        yield Problem(name, block.line, str(broken))
        return
    has = page[block.start : block.end]
    if has == wanted:
        return
    lines, wanted_lines = has.split("\n"), wanted.split("\n")
    for at in range(max(len(lines), len(wanted_lines))):
        one, other = (side[at] if at < len(side) else "" for side in (lines, wanted_lines))
        if one != other:
            told = f"{block.what}: found {one.strip()!r}, measured is {other.strip()!r}"
            yield Problem(name, block.line + at, told)


def _name(project: Project, file: Path) -> str:
    return file.relative_to(project.root).as_posix()
