"""The titles that a reply may name, and where they stand in a text."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from llm.output.facts.flat import flat
from llm.sentences import STARTERS
from playbook.series import Series

SUBJECT = re.compile(
    r"\s*(?::|,|\"|$|\d|(?:is|was|has|had|by|follows|tells|runs|offers|features|ended|began|starts"
    r"|shows|costs|volumes?|vol)\b)"
)
"""What follows a title that begins a sentence."""
AFTER = re.compile(r" (?!Vol|Book|I\b)[A-Z][\w'-]*")
BEFORE = re.compile(r"\b[A-Z][\w'-]* $")
STARTS = re.compile(r"\w,?;? $")
"""A capital before the title makes it a part of a longer name, except where a sentence begins."""
LETTERS = re.compile(r"[^\W_]")


class Named(NamedTuple):
    """A series that is named in a flat text, from character `at` to `end`."""

    series: str
    at: int
    end: int


@dataclass(frozen=True, eq=False)
class Names:
    """Titles and aliases by the text that names them. Of several series the first keeps a name.

    A name of several words counts in any case, one of a single word only with its own capitals:
    "monster" is a word, "Monster" a title. `everyday` are titles that are words too: they count
    where they begin no sentence, or are its subject.
    """

    ids: Mapping[str, str]
    pattern: re.Pattern[str]
    everyday: frozenset[str] = frozenset()

    @classmethod
    def of(cls, series: Iterable[Series], everyday: Iterable[str] = ()) -> "Names":
        """Those of a catalogue."""
        given = ((one.id, name) for one in series for name in one.names)
        return cls.made(given, frozenset(one.lower() for one in everyday))

    @classmethod
    def made(cls, given: Iterable[tuple[str, str]], everyday: frozenset[str]) -> "Names":
        """Of (series id, name)."""
        ids: dict[str, str] = {}
        for series, name in given:
            for written in _written(name):
                ids.setdefault(written, series)
        longest = sorted(ids, key=lambda name: (-len(name), name))
        choice = "|".join(_pattern(name) for name in longest) or r"(?!)"
        return cls(ids, re.compile(rf"(?<![\w])(?:{choice})(?![\w])"), everyday)

    def with_more(self, given: Iterable[tuple[str, str]]) -> "Names":
        """These and some more: (series id, title) of what a shop's own feed has brought."""
        more = frozenset(one for one in given if _key(flat(one[1])) not in self.ids)
        return _joined(self, more) if more else self

    def find(self, text: str, *, small: bool = False) -> list[Named]:
        """Every series that a flat text names, in order; of overlapping names the longest.

        `small`: as customers write, a name of several words may begin with a small letter.
        """
        return [
            Named(self.ids[_key(one.group())], one.start(), one.end())
            for one in self.pattern.finditer(text)
            if not self._is_a_word(text, one)
            and not _is_in_a_name(text, one)
            and (small or not _long(one.group()) or not one.group()[0].islower())
        ]

    def _is_a_word(self, text: str, found: re.Match[str]) -> bool:
        word = found.group().lower()
        first = not LETTERS.search(re.split(r"[.!?:\n]", text[: found.start()])[-1])
        if word not in self.everyday or not first:
            return False
        quoted = text[found.start() - 1 : found.start()] == '"'
        return not quoted and (word in STARTERS or not SUBJECT.match(text, found.end()))


@lru_cache(maxsize=256)
def _joined(names: Names, more: frozenset[tuple[str, str]]) -> Names:
    return Names.made([*_turned(names.ids), *sorted(more)], names.everyday)


def _is_in_a_name(text: str, found: re.Match[str]) -> bool:
    """Whether a title of one word is part of a longer name: "Akira Toriyama", "Grace Field"."""
    if _long(found.group()):
        return False
    before = BEFORE.search(text, 0, found.start())
    return bool(
        AFTER.match(text, found.end()) or (before and STARTS.search(text[: before.start()]))
    )


def _written(name: str) -> set[str]:
    """A name, and the same without the mark at its end."""
    whole = flat(name)
    bare = whole.rstrip("!?.")
    return {_key(one) for one in (whole, bare) if LETTERS.search(one)}


def _key(name: str) -> str:
    return " ".join(name.split()).lower() if _long(name) else name


def _long(name: str) -> bool:
    return len(re.findall(r"[^\W_]+", name)) > 1 and len(name) > 4


def _pattern(name: str) -> str:
    if not _long(name):
        return re.escape(name)
    return "(?i:" + r"\s+".join(re.escape(word) for word in name.split()) + ")"


def _turned(ids: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    return ((series, name) for name, series in ids.items())
