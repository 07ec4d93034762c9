"""One sentence of a reply beside all that may support it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from llm.output.checks.line import Line
from llm.output.checks.region import Region, regions
from llm.output.evidence import Evidence
from llm.output.facts.fact import Kind
from llm.output.facts.flat import flat, stems, words
from llm.output.facts.patterns import Told, read


@dataclass(frozen=True)
class Claim:
    """A sentence, flat, with the evidence of its turn, what the shop says to everybody, and what
    the sentence before it was about."""

    text: str
    evidence: Evidence
    shop: Sequence[Line]
    before: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, piece: str, evidence: Evidence, shop: Sequence[Line], before: frozenset[str]
    ) -> "Claim":
        """The claim that a piece of a reply makes."""
        return cls(flat(piece).strip(), evidence, shop, before)

    @cached_property
    def told(self) -> Told:
        """Its facts."""
        return read(self.text, self.evidence.names)

    @cached_property
    def regions(self) -> list[Region]:
        """Its stretches, each about a series or about none."""
        return regions(self.told, self.before, self.evidence.cameos)

    @cached_property
    def words(self) -> frozenset[str]:
        """All its words, in lower case."""
        return frozenset(words(self.text))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The words that carry meaning."""
        return frozenset(stems(self.text))

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """All there is to support it."""
        return (*self.evidence.lines, *self.shop)

    @property
    def titles(self) -> frozenset[str]:
        """The series that it names."""
        return frozenset(fact.value for fact in self.told.all(Kind.TITLE))

    def about(self, region: Region) -> list[Line]:
        """What may support a stretch: what is told of its series, and what holds for the shop."""
        if not region.series:
            return list(self.lines)
        return [line for line in self.lines if not line.about or line.about & region.series]

    def own(self, region: Region) -> list[Line]:
        """What is told of the series that a stretch names, alone."""
        if not region.series & self.titles:
            return self.about(region)
        return [line for line in self.lines if line.about & region.series]
