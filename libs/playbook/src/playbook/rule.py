"""A compiled rule, and the question that is put to all of them: which fires first?"""

import re
import sys
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress
from typing import NamedTuple

from playbook.quick import Quick, quick, quick_of_any
from playbook.slot import Slot, tidy
from playbook.titles import Titles, folded
from playbook.use_case import RuleSpec

WORD = re.compile(r"[a-z]+")
DIGIT = re.compile(r"\d")
REFERENCE = re.compile(r"<<(\w+)>>")


class UnknownPart(KeyError):
    """A pattern refers to a slot or phrase that shop.yaml does not define."""


@dataclass(frozen=True)
class Rule:
    """One rule of one use case, compiled. `use_case` is where a turn goes on which it fires.

    `quick` and `quick_unless` are the first looks for the two patterns, which most texts fail.
    """

    id: str
    use_case: str
    pattern: re.Pattern[str]
    quick: Quick
    needs: frozenset[str] = frozenset()
    unless: re.Pattern[str] | None = None
    quick_unless: Quick | None = None
    template: str | None = None
    policy: str | None = None
    sets: Mapping[str, str] = field(default_factory=dict)
    priority: int = 0
    anaphoric: bool = False
    about: str | None = None
    max_characters: int = 200
    slots: Mapping[str, Slot] = field(default_factory=dict)
    titles: Titles | None = field(default=None, repr=False)

    def means_something(self, known: Collection[str]) -> bool:
        """Whether an anaphoric rule has what it refers to among the remembered entities."""
        return not self.anaphoric or (self.about in known if self.about else bool(known))

    def match(self, tidied: str, small: str | None) -> dict[str, str] | None:
        """The slots found in a tidied text, or None where the rule does not fire.

        `small` is the text in small letters, None where it is not ASCII. The text is not longer
        than the rule reads.
        """
        if not self.quick.may_be_in(tidied, small):
            return None
        found = self.pattern.search(tidied)
        if found is None or self._is_excepted(tidied, small):
            return None
        return self._read(found)

    def _is_excepted(self, tidied: str, small: str | None) -> bool:
        if self.unless is None or self.quick_unless is None:
            return False
        may = self.quick_unless.may_be_in(tidied, small)
        return may and self.unless.search(tidied) is not None

    def _read(self, found: re.Match[str]) -> dict[str, str] | None:
        """The slots of a hit; None where its title is none of the catalogue."""
        captured = {
            name: self.slots[name].normal(value) if name in self.slots else value
            for name, value in found.groupdict().items()
            if value
        }
        if self.titles is not None:
            series = self.titles.get(folded(captured.get("title", "")))
            if series is None:
                return None
            captured["series"] = series
        policy = {"policy": self.policy} if self.policy else {}
        return policy | dict(self.sets) | captured


@dataclass(frozen=True)
class Match:
    """The rule that fired and what it found."""

    rule: Rule
    slots: dict[str, str]


def words_of(tidied: str) -> list[str]:
    """The words of a text in lower case, and "0" where it has a digit."""
    words: list[str] = WORD.findall(tidied.lower())
    return [*words, "0"] if DIGIT.search(tidied) else words


class _Reading(NamedTuple):
    """The rules that read texts of a length, and of those the ones that need no word.

    `quick` is one look for all of these: none may see a text that is longer than it reads.
    """

    all: int
    always: int
    quick: Quick


class Rules(tuple[Rule, ...]):
    """All rules in the order in which they are asked.

    Sets of rules are numbers with a bit for each rule, the first one's the lowest.
    """

    def asked(self, tidied: str, small: str | None) -> Iterator[Rule]:
        """The rules that may fire on a text by its length and its words, in their order."""
        read = self._reading[bisect_left(self._lengths, len(tidied))]
        left = read.always if read.quick.may_be_in(tidied, small) else 0
        for word in words_of(tidied):
            left |= self._needing.get(word, 0)
        left &= read.all
        while left:
            first = left & -left
            yield self[first.bit_length() - 1]
            left ^= first

    @cached_property
    def _needing(self) -> Mapping[str, int]:
        """The rules that need a word."""
        words = frozenset[str]().union(*(rule.needs for rule in self))
        return {word: self._set(word in rule.needs for rule in self) for word in words}

    @cached_property
    def _lengths(self) -> list[int]:
        return sorted({rule.max_characters for rule in self})

    @cached_property
    def _reading(self) -> list[_Reading]:
        """For texts of up to each of the lengths, and longer than all of them."""
        return [self._readers(length) for length in (*self._lengths, sys.maxsize)]

    def _readers(self, length: int) -> _Reading:
        read = [rule.max_characters >= length for rule in self]
        always = [reads and not rule.needs for reads, rule in zip(read, self, strict=True)]
        patterns = (rule.pattern.pattern for rule in compress(self, always))
        return _Reading(self._set(read), self._set(always), quick_of_any(patterns))

    def _set(self, members: Iterable[bool]) -> int:
        return sum(1 << place for place, member in enumerate(members) if member)


def first_match(rules: Rules, text: str, *, known: Collection[str] | None = None) -> Match | None:
    """The first rule that fires on a customer's text, in the order given, or None.

    `known` are the names of the entities that the session remembers: rules that need another one,
    or any where there is none, are left out. None leaves out no rule.
    """
    tidied = tidy(text)
    small = tidied.lower() if tidied.isascii() else None
    for rule in rules.asked(tidied, small):
        slots = rule.match(tidied, small)
        if slots is not None and (known is None or rule.means_something(known)):
            return Match(rule, slots)
    return None


def compile_rule(
    spec: RuleSpec,
    use_case: str,
    slots: Mapping[str, Slot],
    phrases: Mapping[str, str],
    titles: Titles,
    needed: frozenset[str] = frozenset(),
) -> Rule:
    """The rule ready to run. Raises re.error, or UnknownPart for a part that is not defined.

    `needed` are the words that a `catalogued` rule needs which names none itself.
    """
    parts = {name: f"(?:{phrase})" for name, phrase in phrases.items()}
    parts |= {name: f"(?P<{name}>{slot.pattern})" for name, slot in slots.items()}
    pattern = _compiled(spec.pattern, parts)
    unless = _compiled(spec.unless, parts) if spec.unless else None
    return Rule(
        id=spec.id,
        use_case=use_case,
        pattern=pattern,
        quick=quick(pattern.pattern),
        needs=spec.needs or (needed if spec.catalogued else frozenset()),
        unless=unless,
        quick_unless=quick(unless.pattern) if unless else None,
        template=spec.template,
        policy=spec.policy,
        sets=spec.sets,
        priority=spec.priority,
        anaphoric=spec.anaphoric,
        about=spec.about,
        max_characters=spec.max_characters,
        slots=slots,
        titles=titles if spec.catalogued else None,
    )


def _compiled(pattern: str, parts: Mapping[str, str]) -> re.Pattern[str]:
    def expanded(reference: re.Match[str]) -> str:
        name = reference.group(1)
        if name not in parts:
            raise UnknownPart(name)
        return parts[name]

    return re.compile(REFERENCE.sub(expanded, pattern), re.IGNORECASE)
