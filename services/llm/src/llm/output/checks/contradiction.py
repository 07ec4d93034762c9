"""Statements that evidence tells the other way round, or of another series."""

import re
from collections.abc import Iterator

from llm.output.checks.claim import Claim
from llm.output.checks.line import Line
from llm.output.checks.region import Region
from llm.output.facts.fact import Kind, Miss
from llm.output.facts.flat import words
from llm.output.facts.polarity import CLAUSE, denied

LIKE = 0.6
"""Of a statement's words so many stand in the sentence of the evidence that it is taken from."""
TAKEN = 0.75
LEAST = 2
NOT = re.compile(r"\b(?:not|never|cannot)\b|n't\b")
"""A denial of a statement; "without gore" and "no end" describe."""


def negated(claim: Claim) -> Iterator[Miss]:
    """A statement that is denied where the evidence affirms it, or the other way round."""
    if len(claim.stems) < LEAST:
        return
    like = [(_likeness(claim, line), line) for line in claim.lines]
    best = max((one for one, _ in like), default=0.0)
    nearest = [line for one, line in like if one == best >= LIKE]
    wrong = [_opposed(claim, line) for line in nearest]
    if wrong and all(wrong):
        yield Kind.NEGATED, " ".join(sorted(wrong[0]))


def denying(claim: Claim, honest: re.Pattern[str]) -> Iterator[Miss]:
    """A "not" that no evidence says, beside those that say what we do not know or are not."""
    if claim.text.endswith("?"):
        return
    told = frozenset().union(*(line.denied for line in claim.lines))
    for clause in CLAUSE.split(honest.sub(" ", claim.text.lower())):
        if NOT.search(clause) and not _is_denied(clause, told, claim):
            yield Kind.NEGATED, " ".join(sorted(denied(clause))) or "not"


def swapped(claim: Claim) -> Iterator[Miss]:
    """A description of one series under the title of another."""
    for region in claim.regions:
        if len(region.series) == 1 and region.series <= claim.titles:
            yield from _swapped(claim, region)


def _is_denied(clause: str, told: frozenset[str], claim: Claim) -> bool:
    """Whether evidence denies the same, or says so in these words."""
    mine = denied(clause)
    said = " ".join(words(clause))
    return mine <= told if mine else any(said in line.words for line in claim.lines)


def _likeness(claim: Claim, line: Line) -> float:
    words = claim.stems - line.title if line.title & claim.stems else claim.stems
    shared = len(words & line.stems)
    return shared / len(words) if shared >= LEAST else 0.0


def _opposed(claim: Claim, line: Line) -> frozenset[str]:
    mine, theirs = denied(claim.text), line.denied
    affirmed, given = claim.stems - mine, line.stems - theirs
    return frozenset() if mine & theirs else (mine & given) | (theirs & affirmed)


def _swapped(claim: Claim, region: Region) -> Iterator[Miss]:
    told: dict[str, set[str]] = {}
    titles: set[str] = set()
    for line in claim.evidence.lines:
        titles |= line.title
        for series in line.about:
            told.setdefault(series, set()).update(line.stems)
    (series,) = region.series
    rest = claim.stems - titles
    own = len(rest & told.get(series, set()))
    for other, theirs in told.items():
        if len(rest & theirs) >= max(own + LEAST, TAKEN * len(rest)):
            yield Kind.TITLE, f"{series} for {other}"
            return
