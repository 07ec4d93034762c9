"""Lists of words, one file each in `lists/`: data, so that nobody reads them as code."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("lists")


@cache
def listed(name: str) -> frozenset[str]:
    """The words of a list, as written. Raises FileNotFoundError for a list that does not exist."""
    return frozenset((FOLDER / f"{name}.txt").read_text(encoding="utf-8").split())
