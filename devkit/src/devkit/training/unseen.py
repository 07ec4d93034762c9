"""Splits a corpus so that templates and what fills them are both new to the model.

**Asked** are grammar rows of held-out templates all of whose slot values are held out; a row of
such a template without slots too. **Taught** is everything else, the background included, but for
rows

* of a held-out template, or of one with the same words under another label;
* with a slot value that the asked rows have, in whatever slot;
* with the same words as an asked row;
* in which a value of a naming slot (`NAMING`) of the asked rows stands, as whole words. That is
  how hand-written rows are found, which have no slots: "Berserk" or "my niece" is the same value
  there. Other slots hold everyday words ("5 days", "in the post", "$7"): without them there would
  be little left to learn from. So would it be without names of one or two characters.

**Not guaranteed.** Hand-written rows, and other templates of the same family, say the same in other
words: what is new is the line, not the wish. They may hold everyday slot values, and a part of a
name ("Urasawa"). Rows as the corpus's own authors write them are no traffic: this tells whether
lines were learnt by heart, not how well a live system does.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from devkit.training.corpus import Row
from devkit.training.error import CorpusError
from devkit.training.rows import Rows

NAMING = frozenset({"title", "author", "name", "city", "country"})
"""Slots whose values are looked for in texts; {title2} and {city2} are among them."""

LEAST_NAME = 3
"""Characters of a name that is looked for in texts."""

WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Hold:
    """Which shares of the templates and of the slot values are held out, and the seed of both."""

    templates: float = 0.25
    values: float = 1 / 3
    seed: int = 7

    def template(self, row: Row) -> bool:
        """Whether the row's template is held out; a row without one is not."""
        return bool(row.template) and self._drawn(row.label, line(row)) < self.templates

    def value(self, slot: str, value: str) -> bool:
        """Whether a slot's value is held out; case and a number behind the slot do not matter."""
        return self._drawn(kind(slot), value.lower()) < self.values

    def asks(self, row: Row) -> bool:
        """Whether the row is one to ask about."""
        return self.template(row) and all(self.value(*one) for one in row.slots.items())

    def _drawn(self, *parts: str) -> float:
        """A number from 0 up to 1, the same every time."""
        said = "\0".join((str(self.seed), *parts)).encode()
        return int.from_bytes(hashlib.sha256(said).digest()[:8]) / 2**64


@dataclass(frozen=True)
class Unseen:
    """Numbers of rows, in ascending order; all others are left out."""

    taught: list[int]
    asked: list[int]


def split(rows: Rows, hold: Hold) -> Unseen:
    """Who teaches and who is asked.

    Raises CorpusError where nothing is to be asked, or a label that is asked for is not taught.
    """
    asked = [number for number, row in enumerate(rows.rows) if hold.asks(row)]
    if not asked:
        raise CorpusError(
            "No row has a held-out template and held-out slot values only. Give a folder with "
            "grammars that have more templates and values."
        )
    seen = _Trace.of([rows.rows[number] for number in asked])
    taught = [
        number
        for number, row in enumerate(rows.rows)
        if not hold.template(row) and not seen.found_in(row)
    ]
    missing = _labels(rows, asked) - _labels(rows, taught)
    if missing:
        raise CorpusError(
            f"Nothing is left to teach {', '.join(sorted(missing))}. Add rows of other templates."
        )
    return Unseen(taught, asked)


@dataclass(frozen=True)
class _Trace:
    """What of the asked rows must not be taught: lines, texts, slot values, and names in a text."""

    lines: frozenset[str]
    texts: frozenset[str]
    values: frozenset[str]
    names: frozenset[str]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "_Trace":
        pairs = [pair for row in rows for pair in row.slots.items()]
        names = {words(value) for slot, value in pairs if kind(slot) in NAMING}
        return cls(
            frozenset(line(row) for row in rows),
            frozenset(words(row.text) for row in rows),
            frozenset(words(value) for _, value in pairs),
            frozenset(f" {name} " for name in names if len(name) >= LEAST_NAME),
        )

    def found_in(self, row: Row) -> bool:
        said = words(row.text)
        if said in self.texts or (row.template and line(row) in self.lines):
            return True
        if any(words(value) in self.values for value in row.slots.values()):
            return True
        padded = f" {said} "
        return any(name in padded for name in self.names)


def kind(slot: str) -> str:
    """The slot without a number behind it: {city2} is a {city}."""
    return slot.rstrip("0123456789") or slot


def line(row: Row) -> str:
    """The words of the row's template: two that differ in case and marks are one."""
    return words(row.template)


def words(text: str) -> str:
    """Words and figures in small letters, a space between two."""
    return " ".join(WORD.findall(text.lower()))


def _labels(rows: Rows, numbers: Iterable[int]) -> set[str]:
    return {rows.rows[number].label for number in numbers}
