"""One sentence of evidence: its facts, its words, and whom it is about."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from llm.output.facts.fact import Kind
from llm.output.facts.flat import flat, stems, words
from llm.output.facts.patterns import Told, read
from llm.output.facts.polarity import denied
from llm.output.names import Names
from llm.sentences import sentences


class Line(NamedTuple):
    """A sentence, and what it tells. `about` are the series whose facts these are; without any,
    they hold for the shop. `title` holds the stems of the finding's title, `words` all words in
    lower case."""

    told: Told
    facts: frozenset[tuple[Kind, str]]
    stems: frozenset[str]
    denied: frozenset[str]
    about: frozenset[str]
    title: frozenset[str]
    words: str

    @property
    def named(self) -> frozenset[str]:
        """The series that the sentence names."""
        return frozenset(fact.value for fact in self.told.all(Kind.TITLE))


def lines_of(
    text: str, names: Names, *, about: frozenset[str] = frozenset(), title: str = ""
) -> Iterator[Line]:
    """The sentences of a text, all of them about the same series, or about none."""
    for sentence in sentences(text):
        yield _line(sentence.strip(), names, about, title)
    if title and text:
        yield _line(title, names, about, title)


def lines_about(text: str, names: Names, beside: frozenset[str]) -> Iterator[Line]:
    """The sentences of a text, each about the series it names, else about those named last.

    Series that only stand `beside` do not count.
    """
    last: frozenset[str] = frozenset()
    for sentence in sentences(text):
        line = _line(sentence.strip(), names, frozenset(), "")
        last = line.named - beside or last
        yield line._replace(about=last)


def cameos(lines: Iterable[Line]) -> frozenset[str]:
    """Titles that occur in what is told of other series, and nowhere else.

    Often they are no titles at all, but people: "Then Emma and Norman run".
    """
    lines = tuple(lines)
    about = {series for line in lines for series in line.about}
    return frozenset(series for line in lines for series in line.named - about)


@lru_cache(maxsize=8192)
def _line(sentence: str, names: Names, about: frozenset[str], title: str) -> Line:
    told = read(sentence, names)
    plain = flat(sentence)
    return Line(
        told=told,
        facts=frozenset((fact.kind, fact.value) for fact in told.facts),
        stems=frozenset(stems(plain)),
        denied=denied(plain),
        about=about,
        title=frozenset(stems(flat(title))),
        words=" ".join(words(told.text)),
    )
