"""Finds facts in a text: one pattern and one reading for each way to write one, tried in order."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from llm.output.facts import amounts, codes, counts, dates
from llm.output.facts.fact import Fact, Kind
from llm.output.facts.flat import flat
from llm.output.facts.number import in_digits
from llm.output.names import Names

Reading = Callable[[re.Match[str]], str | None]


class Way(NamedTuple):
    """One way to write a kind of fact. Where `read` gives None, the match is no fact."""

    kind: Kind
    pattern: re.Pattern[str]
    read: Reading


DIGITED = re.compile(r"\\d")
WAYS: tuple[Way, ...] = tuple(
    Way(kind, re.compile(pattern, re.IGNORECASE), read)
    for kind, pattern, read in (
        *codes.ADDRESSES,
        *dates.DATES,
        *codes.PHONES,
        *counts.AGES,
        *amounts.AMOUNTS,
        *dates.TIMES,
        *dates.DURATIONS,
        *counts.VOLUMES,
        *counts.COUNTS,
        *dates.RELATIVE,
        *codes.CODES,
        *counts.STATUSES,
        *counts.NUMBERS,
    )
)
WORDED = tuple(way for way in WAYS if not DIGITED.search(way.pattern.pattern))
"""Those that a text without a digit may hold."""
TAKEN = "\x1f"
"""Stands for what was read, so that no later pattern reads it again or reaches across it."""


DIGIT = re.compile(r"\d")


class Told(NamedTuple):
    """A text as it was read: titles masked, number words in digits; its facts, in order."""

    text: str
    facts: tuple[Fact, ...]

    def all(self, *kinds: Kind) -> list[Fact]:
        """The facts of some kinds, in order."""
        return [fact for fact in self.facts if fact.kind in kinds]


@lru_cache(maxsize=8192)
def read(text: str, names: Names, *, small: bool = False) -> Told:
    """Every fact of a text; `small` as in Names.find. A text is read once for many turns."""
    left, found = _titles(flat(text), names, small)
    masked = left
    ways = WAYS if DIGIT.search(left) else WORDED
    for way in ways:
        for fact in _read(way, left):
            found.append(fact)
            left = left[: fact.at] + TAKEN * (fact.end - fact.at) + left[fact.end :]
    return Told(masked, tuple(sorted(found, key=lambda fact: fact.at)))


def _titles(text: str, names: Names, small: bool) -> tuple[str, list[Fact]]:
    """The text with titles masked and all other number words in digits, and the titles."""
    done, begin, found = "", 0, []
    for one in names.find(text, small=small):
        done += in_digits(text[begin : one.at])
        end = len(done) + one.end - one.at
        found.append(Fact(Kind.TITLE, one.series, len(done), end))
        done, begin = done + TAKEN * (one.end - one.at), one.end
    return done + in_digits(text[begin:]), found


def _read(way: Way, text: str) -> Iterator[Fact]:
    for match in way.pattern.finditer(text):
        value = way.read(match)
        if value is not None:
            yield Fact(way.kind, value, match.start(), match.end())
