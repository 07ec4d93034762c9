"""Promises that only the shop can make."""

import re
from collections.abc import Iterator, Mapping, Sequence

from llm.output.checks.claim import Claim
from llm.output.checks.line import Line
from llm.output.facts.fact import Kind, Miss
from llm.output.facts.flat import stems, words
from llm.output.facts.polarity import CLAUSE

SAME = 0.7
"""Of a promise's words so many stand in one sentence of the evidence that promises the same."""
SHORT = 3
"""With fewer words of meaning a promise must stand there word for word."""


def promised(
    claim: Claim, promises: Mapping[str, re.Pattern[str]], honest: re.Pattern[str]
) -> Iterator[Miss]:
    """Promises that the evidence does not make in nearly the same words.

    A clause that says what we do not know or cannot do promises nothing.
    """
    clauses = CLAUSE.split(claim.told.text.lower())
    said = "; ".join(one for one in clauses if not honest.search(one))
    for name, pattern in promises.items():
        for found in pattern.finditer(said):
            if not _made(found, pattern, claim):
                yield Kind.PROMISE, name
                break


def _made(found: re.Match[str], pattern: re.Pattern[str], claim: Claim) -> bool:
    region = next(one for one in claim.regions if one.series or one is claim.regions[-1])
    return any(_says(line, found, pattern, claim) for line in _near(claim, region.series))


def _near(claim: Claim, series: frozenset[str]) -> Sequence[Line]:
    lines = [line for line in claim.lines if not line.about or line.about & series]
    return lines if series else claim.lines


def _says(line: Line, found: re.Match[str], pattern: re.Pattern[str], claim: Claim) -> bool:
    same = [one.group() for one in pattern.finditer(line.told.text.lower())]
    mine = frozenset(stems(found.group()))
    if not any(mine <= frozenset(stems(one)) for one in same):
        return False
    told = claim.stems - line.title
    if len(told) < SHORT:
        return " ".join(words(claim.text)) in line.words
    return len(told & line.stems) >= SAME * len(told)
