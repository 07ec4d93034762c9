"""The catalogue's names as rules compare them: exactly, whatever their case, accents and marks."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from playbook.series import Series

Titles = Mapping[str, str]
"""Folded name to series id."""

WORD = re.compile(r"[a-z]+(?!['a-z])")
"""A word of small letters. None before an apostrophe, which customers leave out."""


def folded(name: str) -> str:
    """Letters and digits alone, small, without accents and a leading article."""
    letters = name if name.isascii() else unicodedata.normalize("NFKD", name)
    plain = letters.casefold().removeprefix("the ")
    return plain if plain.isalnum() else "".join(filter(str.isalnum, plain))


def titles_of(catalogue: Iterable[Series]) -> Titles:
    """Every title and alias that one series alone has; a title goes before another's alias."""
    catalogue = tuple(catalogue)
    owners: dict[str, set[str]] = {}
    for series in catalogue:
        for name in series.aliases:
            owners.setdefault(folded(name), set()).add(series.id)
    aliases = {name: ids.pop() for name, ids in owners.items() if len(ids) == 1 and name}
    return aliases | {folded(series.title): series.id for series in catalogue}


def needed_of(catalogue: Iterable[Series]) -> frozenset[str]:
    """Words of which a text that is a title has one: the longest of each name, and the name as one.

    "0" stands for any digit, where a name has no such word.
    """
    names = (name for series in catalogue for name in (series.title, *series.aliases))
    return frozenset(word for name in names for word in _needed(name))


def _needed(name: str) -> Iterator[str]:
    words = WORD.findall(name.lower())
    yield max(reversed(words), key=len) if words else "0"
    yield folded(name)
