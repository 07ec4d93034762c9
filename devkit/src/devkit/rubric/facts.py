"""What may vary in an answer: amounts, dates, ids, titles, and the values that came with it.

An answer with its facts masked is its *form*. Two facts are the same if they read alike: 1499 cents
are $14.99, and 2026-11-12 is 12 Nov.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import JsonValue

MASK = "⟨·⟩"
LONG = 25
"""Characters from which a value is free text and not a word."""
_ISO = re.compile(r"\b\d{4}-(\d{2})-(\d{2})\b")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(
    r"\b(\d{1,2}) (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|"
    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* (\d{1,2})\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"#?\b(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9][A-Z0-9-]{3,}\b|\b\d{5,}\b")
_NUMBER = re.compile(r"-?\$?\d+(?:[.,]\d+)*%?")
_RUN = re.compile(rf"{MASK}(?:(?:,| and| to|;|:|\s|-|–|\(|\)|x)+{MASK})+")


@dataclass(frozen=True)
class Masked:
    """An answer's form as a text, and the facts that were masked, each in its normal form."""

    form: str
    facts: frozenset[str]


class Masker:
    """Masks answers of a shop whose catalogue has these titles."""

    def __init__(self, titles: Iterable[str] = ()) -> None:
        ordered = sorted({one for one in titles if len(one) > 2}, key=len, reverse=True)
        self._titles = _words(ordered) if ordered else None

    def masked(self, answer: str, entities: JsonValue) -> Masked:
        """The form and the facts of an answer, given the values that came with it."""
        facts: set[str] = set()

        def keep(found: re.Match[str]) -> str:
            facts.add(normal(found.group()))
            return MASK

        text = answer
        for pattern in self._patterns(entities):
            text = pattern.sub(keep, text)
        lines = dict.fromkeys(_RUN.sub(MASK, line).strip() for line in text.splitlines())
        return Masked(" ".join(line for line in lines if line).lower(), frozenset(facts))

    def _patterns(self, entities: JsonValue) -> Iterator[re.Pattern[str]]:
        values = {one for _, one in leaves(entities) if isinstance(one, str) and _telling(one)}
        if values:
            yield _words(sorted(values, key=len, reverse=True))
        if self._titles:
            yield self._titles
        yield from (_CODE, _ISO, _DATE, _NUMBER)


def leaves(value: JsonValue, path: str = "") -> Iterator[tuple[str, str | int | float | bool]]:
    """Every plain value in nested facts, with its path (`order.state`); lists share one path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, path)
    elif value is not None:
        yield path, value


def normal(fact: str) -> str:
    """One spelling of a fact: `11-12` of a date, digits of a number, else its letters."""
    if found := _ISO.fullmatch(fact):
        return f"{found.group(1)}-{found.group(2)}"
    if found := _DATE.fullmatch(fact):
        day, month = found.group(1) or found.group(4), found.group(2) or found.group(3)
        return f"{_MONTHS.index(month.lower()) + 1:02d}-{int(day):02d}"
    if _NUMBER.fullmatch(fact):
        return re.sub(r"\D", "", fact)
    return plain(fact)


def plain(text: str) -> str:
    """Letters and digits in lower case, one space between words."""
    return " ".join(re.findall(r"\w+", text.casefold().replace("'", "").replace("#", "")))


class Known:
    """What a text (a row, passages, the customer's words) tells: holds a fact, or does not."""

    def __init__(self, text: str) -> None:
        self._plain = f" {plain(text)} "
        dates = {normal(one.group()) for kind in (_ISO, _DATE) for one in kind.finditer(text)}
        self._atoms = dates | {normal(one) for one in _NUMBER.findall(text)}

    def holds(self, fact: str) -> bool:
        """Whether a fact in its normal form is told."""
        return fact in self._atoms or f" {fact} " in self._plain

    def missing(self, facts: Iterable[str]) -> list[str]:
        """Which facts are not told."""
        return [one for one in facts if not self.holds(one)]


def as_text(entities: JsonValue) -> str:
    """Nested facts as one text, a value a line."""
    return "\n".join(f"{path.rsplit('.', 1)[-1]}: {value}" for path, value in leaves(entities))


def _telling(value: str) -> bool:
    return len(value) > 2 and (len(value) >= LONG or " " in value or value != value.lower())


def _words(values: Iterable[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(one) for one in values) + r")(?!\w)")
