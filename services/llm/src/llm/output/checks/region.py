"""Which part of a sentence is about which series."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from llm.output.facts.fact import Fact, Kind
from llm.output.facts.patterns import Told

BREAK = re.compile(r"[;\n]|,(?!\d)|[()]| - |\b(?:while|whereas|but|and)\b", re.IGNORECASE)
COMPARED = re.compile(
    r"\b(?:like|unlike|than|as|similar to|compared (?:to|with)|close to|next to|after|loved|liked"
    r"|love|enjoy(?:ed)?|besides)\W*$",
    re.IGNORECASE,
)
ALL = re.compile(
    r"\b(?:both|all|each|they|these|those|them|every one|either|neither)\b", re.IGNORECASE
)
"""Words that speak of everything that was named so far."""


class Region(NamedTuple):
    """A stretch of a sentence, and the series it is about. Of none: the shop, or nobody knows."""

    at: int
    end: int
    series: frozenset[str]

    def holds(self, fact: Fact) -> bool:
        """Whether a fact stands in it."""
        return self.at <= fact.at < self.end


def regions(
    told: Told, before: frozenset[str] = frozenset(), cameos: frozenset[str] = frozenset()
) -> list[Region]:
    """A sentence cut where it passes to another series.

    A clause without a title belongs to the title before it, at the start to the one after it.
    Titles that are only compared with, and `cameos`, stand beside and begin nothing. Without any
    title the whole is about `before`, what the last sentence was about.
    """
    found = [_region(told, at, end, cameos) for at, end in _clauses(told.text)]
    beside = frozenset().union(*(_named(told, region, compared=True) for region in found))
    owned = [region for region in found if region.series]
    if not owned:
        return [Region(0, len(told.text), before | beside if beside else before)]
    starts = [0, *(region.at for region in owned[1:])]
    ends = [*starts[1:], len(told.text)]
    series = (region.series for region in owned)
    return [Region(at, end, one) for at, end, one in zip(starts, ends, series, strict=True)]


class Subject:
    """What a reply is about so far: read sentence by sentence, never from its start again."""

    def __init__(self, cameos: frozenset[str] = frozenset()) -> None:
        self._cameos = cameos
        self._last: frozenset[str] = frozenset()
        self._all: frozenset[str] = frozenset()

    def add(self, told: Told) -> None:
        """One more sentence."""
        self._last = regions(told, self._last, self._cameos)[-1].series
        self._all |= {fact.value for fact in told.all(Kind.TITLE)}

    def of(self, following: str) -> frozenset[str]:
        """What a sentence is about that names nothing itself: what was named last, or all."""
        return self._all if ALL.search(following) else self._last


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for found in BREAK.finditer(text):
        yield begin, found.start()
        begin = found.start()
    yield begin, len(text)


def _region(told: Told, at: int, end: int, cameos: frozenset[str]) -> Region:
    whole = Region(at, end, frozenset())
    return whole._replace(series=_named(told, whole, compared=False) - cameos)


def _named(told: Told, region: Region, *, compared: bool) -> frozenset[str]:
    return frozenset(
        fact.value
        for fact in told.all(Kind.TITLE)
        if region.holds(fact) and bool(COMPARED.search(told.text[: fact.at])) is compared
    )
