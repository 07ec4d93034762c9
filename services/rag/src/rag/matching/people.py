"""Finds the author that a text names: by the whole name, in either order, or by the family name."""

from collections import defaultdict
from collections.abc import Iterable

from playbook.series import Series
from rag.matching.words import fold, is_known, words


class People:
    """The authors of a catalogue, by the words of their names."""

    def __init__(self, series: Iterable[Series]) -> None:
        self._works: dict[str, list[Series]] = defaultdict(list)
        self._parts: dict[str, frozenset[str]] = {}
        for one in series:
            for author in one.authors:
                self._works[author].append(one)
                self._parts[author] = frozenset(fold(part) for part in author.split())

    def find(self, text: str) -> tuple[str, tuple[Series, ...]] | None:
        """The one author whose name stands in a text, and the works; None where it is unsure."""
        said = {word.text.removesuffix("s") for word in words(text)}
        said |= {word.text for word in words(text)}
        named = [one for one, parts in self._parts.items() if parts <= said]
        if not named:
            rare = {word for word in said if not is_known(word)}
            named = [one for one, parts in self._parts.items() if parts & rare]
        if len(named) != 1:
            return None
        return named[0], tuple(self._works[named[0]])
