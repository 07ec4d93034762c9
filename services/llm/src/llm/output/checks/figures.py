"""Titles and figures that no evidence holds, or that stand where another one belongs."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from llm.output.checks.claim import Claim
from llm.output.checks.line import Line
from llm.output.checks.region import BREAK
from llm.output.checks.support import supported
from llm.output.facts.fact import Fact, Kind, Miss
from llm.output.facts.flat import stems
from llm.output.facts.patterns import Told

PLACED = (
    *(Kind.AMOUNT, Kind.PERCENT, Kind.DURATION, Kind.DATE, Kind.TIME, Kind.YEAR),
    *(Kind.VOLUME, Kind.COUNT, Kind.CODE),
)
"""Kinds of which a text often tells several, each with words of its own."""
OF_SERIES = (
    *(Kind.AMOUNT, Kind.YEAR, Kind.COUNT, Kind.VOLUME, Kind.NUMBER, Kind.STATUS, Kind.PERCENT),
)
"""Kinds that under a title tell of the series, and not of the shop."""
ALIKE = 2
"""So many words in common make two statements comparable."""


class Cell(NamedTuple):
    """A part of a sentence with the facts in it, its words, and the words they all hang on."""

    facts: frozenset[tuple[Kind, str]]
    stems: frozenset[str]


def untold(claim: Claim) -> Iterator[Miss]:
    """Facts that nothing supports: of the right series, where a series is named."""
    for region in claim.regions:
        lines, own = claim.about(region), claim.own(region)
        for fact in filter(region.holds, claim.told.facts):
            if not _told(fact, own if fact.kind in OF_SERIES else lines, claim):
                yield fact.kind, fact.value


def misplaced(claim: Claim) -> Iterator[Miss]:
    """Figures that the evidence holds for something else: "to Europe" with the price to Canada."""
    for region in claim.regions:
        known = [cell for line in claim.about(region) for cell in cells(line.told)]
        for cell in cells(claim.told):
            yield from (fact for fact in cell.facts if not _in_place(fact, cell, known))


@lru_cache(maxsize=8192)
def cells(told: Told) -> tuple[Cell, ...]:
    """A sentence cut so that each part holds figures; a part without goes with the one before."""
    figures = told.all(*PLACED)
    if not figures:
        return ()
    breaks = [0, *(found.start() for found in BREAK.finditer(told.text)), len(told.text)]
    parts = [part for part in pairwise(breaks) if _within(figures, *part)]
    starts = [0, *(at for at, _ in parts[1:])]
    head = frozenset(stems(told.text[: figures[0].at]))
    ends = [*starts[1:], len(told.text)]
    return tuple(_cell(told, figures, at, end, head) for at, end in zip(starts, ends, strict=True))


def _cell(told: Told, figures: list[Fact], at: int, end: int, head: frozenset[str]) -> Cell:
    facts = frozenset((fact.kind, fact.value) for fact in _within(figures, at, end))
    return Cell(facts, head | frozenset(stems(told.text[at:end])))


def _within(figures: list[Fact], at: int, end: int) -> list[Fact]:
    return [fact for fact in figures if at <= fact.at < end]


def _told(fact: Fact, lines: list[Line], claim: Claim) -> bool:
    if fact.kind is Kind.TITLE:
        return fact.value in claim.evidence.series
    return supported(fact, lines, claim.evidence)


def _tells(rival: Cell, kind: Kind, cell: Cell) -> bool:
    """Whether it holds another figure of this kind than the cell."""
    return any(one[0] is kind and one not in cell.facts for one in rival.facts)


def _in_place(fact: tuple[Kind, str], cell: Cell, known: list[Cell]) -> bool:
    """Whether of the parts that tell such a figure those most like this one tell the same."""
    rivals = [one for one in known if fact in one.facts or _tells(one, fact[0], cell)]
    others = cell.facts - {fact}
    like = [len(one.stems & cell.stems) + len(one.facts & others) for one in rivals]
    mine = [count for one, count in zip(rivals, like, strict=True) if fact in one.facts]
    best = max(like, default=0)
    return not mine or best < ALIKE or max(mine) == best
