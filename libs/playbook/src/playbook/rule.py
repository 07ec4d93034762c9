"""A compiled rule, and the question that is put to all of them: which fires first?"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

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
    """One rule of one use case, compiled. `use_case` is where a turn goes on which it fires."""

    id: str
    use_case: str
    pattern: re.Pattern[str]
    needs: frozenset[str] = frozenset()
    unless: re.Pattern[str] | None = None
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

    def match(self, text: str) -> dict[str, str] | None:
        """The slots found in a customer's text, or None where the rule does not fire."""
        tidied = tidy(text)
        return self.match_tidied(tidied, words_of(tidied))

    def match_tidied(self, tidied: str, words: frozenset[str]) -> dict[str, str] | None:
        """As `match`, for a text that is tidied and split into words already."""
        if (self.needs and self.needs.isdisjoint(words)) or len(tidied) > self.max_characters:
            return None
        found = self.pattern.search(tidied)
        if found is None or (self.unless and self.unless.search(tidied)):
            return None
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


def words_of(tidied: str) -> frozenset[str]:
    """The words of a text in lower case, and "0" where it has a digit."""
    digit = ("0",) if DIGIT.search(tidied) else ()
    return frozenset((*WORD.findall(tidied.lower()), *digit))


def first_match(
    rules: Iterable[Rule], text: str, *, known: Collection[str] | None = None
) -> Match | None:
    """The first rule that fires on a customer's text, in the order given, or None.

    `known` are the names of the entities that the session remembers: rules that need another one,
    or any where there is none, are left out. None leaves out no rule.
    """
    tidied = tidy(text)
    words = words_of(tidied)
    for rule in rules:
        # Asked here too: for most of the rules of a turn this saves the call.
        if rule.needs and rule.needs.isdisjoint(words):
            continue
        if known is not None and not rule.means_something(known):
            continue
        slots = rule.match_tidied(tidied, words)
        if slots is not None:
            return Match(rule, slots)
    return None


def compile_rule(
    spec: RuleSpec,
    use_case: str,
    slots: Mapping[str, Slot],
    phrases: Mapping[str, str],
    titles: Titles,
) -> Rule:
    """The rule ready to run. Raises re.error, or UnknownPart for a part that is not defined."""
    parts = {name: f"(?:{phrase})" for name, phrase in phrases.items()}
    parts |= {name: f"(?P<{name}>{slot.pattern})" for name, slot in slots.items()}
    return Rule(
        id=spec.id,
        use_case=use_case,
        pattern=_compiled(spec.pattern, parts),
        needs=spec.needs,
        unless=_compiled(spec.unless, parts) if spec.unless else None,
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
