"""What a reply may tell: the facts of the findings and of the fallback, and whose they are.

The customer's own words prove nothing. They may be repeated: an order id, a title, an age.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from events.route import Finding
from events.turn import Turn
from llm.output.checks.line import Line, cameos, lines_about, lines_of
from llm.output.facts.fact import Kind
from llm.output.facts.flat import flat
from llm.output.facts.patterns import Told, read
from llm.output.names import Names
from llm.prompt import best

SERIES = ("series", "volume", "stock")
"""Kinds of finding that are about a series."""
QUOTED = re.compile(r"“([^”…]+)…?”")
PARTS = re.compile(r"(?<=[.!?;])\s+|\n")
ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,30}\b(?:all|any|previous|above|prior|instructions?|rules?)\b"
    r"|\b(?:say|write|output|print|repeat|reply|respond|answer|include|append|mention|add)\b"
    r"(?: (?:with|exactly|only|that|the words?|the sentence|just|this|nothing but))*:? ?[\"'`]"
    r"|\b(?:reply|respond|answer) (?:with )?(?:exactly|only|just|nothing but)\b"
    r"|\b(?:output|say exactly|print exactly|write exactly)\b"
    r"|\b(?:say|repeat)\b.{0,20}[\"'`]"
    r"|\b(?:show|reveal|print|repeat|output|dump|list|display)\b.{0,60}"
    r"\b(?:prompt|instructions|evidence|context|rules|sources)\b"
    r"|\b(?:visit|click|go to|link to|direct|send)\b.{0,80}(?:https?://|www\.)"
    r"|\b(?:you must|you are now|as an ai|system prompt|system message|new instructions?)\b"
    r"|\b(?:system|assistant|developer) ?:",
    re.IGNORECASE | re.DOTALL,
)
"""A sentence in retrieved text that reads like an order to the model: no evidence of anything."""


@dataclass(frozen=True)
class Evidence:
    """What one turn brings along. `lines` are sentences with what they are about; `listed` is how
    many findings there are to be counted; `said` is what the customer wrote, here and before;
    `orders` are sentences, of customer or findings, that read like orders to the model."""

    lines: tuple[Line, ...]
    names: Names
    refs: frozenset[str]
    listed: int
    said: Told
    orders: tuple[str, ...] = ()

    @classmethod
    def of(cls, turn: Turn, names: Names) -> "Evidence":
        """The findings that the prompt holds, and the fallback."""
        shown = best(turn.findings)
        known = names.with_more(_titles(shown))
        given = [line for finding in shown for line in _lines(finding, known)]
        said = "\n".join((turn.text, *(exchange.said for exchange in turn.context.recent)))
        fallback = _unquoted(turn.fallback.text if turn.fallback else "", said)
        own = tuple(lines_about(fallback, known, cameos(given)))
        return cls(
            lines=(*given, *own),
            names=known,
            refs=frozenset(finding.ref for finding in shown),
            listed=max(len(shown), fallback.count("\n") + 1),
            said=read(said, known, small=True),
            orders=tuple(
                order for text in (said, *(one.text for one in shown)) for order in _orders(text)
            ),
        )

    @cached_property
    def cameos(self) -> frozenset[str]:
        """See `llm.output.checks.line.cameos`."""
        return cameos(self.lines)

    @cached_property
    def series(self) -> frozenset[str]:
        """The series that a reply may name."""
        mine = {series for line in self.lines for series in (*line.about, *line.named)}
        return frozenset(mine | {fact.value for fact in self.said.all(Kind.TITLE)})


def _titles(findings: Iterable[Finding]) -> Iterator[tuple[str, str]]:
    """The titles that findings bring along: a shop's feed knows more than the playbook."""
    return ((one.ref, one.title) for one in findings if one.kind == "series" and one.title)


@lru_cache(maxsize=2048)
def _lines(finding: Finding, names: Names) -> tuple[Line, ...]:
    about = _about(finding, names) if finding.kind in SERIES else frozenset()
    told = "\n".join(part for part in PARTS.split(finding.text) if not ORDER.search(flat(part)))
    return tuple(lines_of(told, names, about=about, title=finding.title))


@lru_cache(maxsize=2048)
def _orders(text: str) -> tuple[str, ...]:
    return tuple(part for part in PARTS.split(flat(text)) if ORDER.search(part))


def _unquoted(text: str, said: str) -> str:
    """A fallback without what it repeats of the customer: that proves nothing."""
    lower = flat(said).lower()
    return QUOTED.sub(lambda one: "" if flat(one[1]).lower() in lower else one[0], text)


def _about(finding: Finding, names: Names) -> frozenset[str]:
    """The series of a finding: named by its title, or by the beginning of its ref."""
    named = {fact.value for fact in read(finding.title, names).all(Kind.TITLE)}
    whole = re.split(r"[:/#@]", finding.ref)[0]
    return frozenset(named or {whole})
