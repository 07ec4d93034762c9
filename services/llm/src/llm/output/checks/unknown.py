"""Names that nobody knows: a title, an author or a place that no evidence holds."""

import re
from collections.abc import Iterator

from llm.output.checks.claim import Claim
from llm.output.facts.fact import Kind, Miss
from llm.output.facts.flat import COMMON, is_negation, stem, words
from llm.sentences import CALLS, STARTERS

CAPITAL = re.compile(r"(?<![\w'])[^\W\d_][\w'-]*")
STARTS = re.compile(r"(?:^|[.!?:…]|\n)[\s\"'(\[*-]*(?:\d+[.)] )?$")
SUBJECT = re.compile(
    r"\s*(?::|\"|(?:is|was|has|had|follows|tells|runs|offers|features|ended|began|starts|shows)\b)"
)
"""What follows a word that begins a sentence and is the name of something."""
GERMAN = frozenset(["der", "die", "das", "und", "ist", "hat", "mit", "für", "von", "ein", "eine"])
SPOKEN = 2
NAMED = re.compile(r"[\w'-]+ [^\W\d_a-zäöüß][\w'-]*")
"""In German every noun has a capital: there two in a row are a name."""
LOUD = 3
"""A longer word in capitals is a name wherever it stands."""


def unknown(claim: Claim, allowed: frozenset[str]) -> Iterator[Miss]:
    """Capitalised words that stand neither in the evidence of their series nor among `allowed`."""
    for region in claim.regions:
        known = frozenset().union(*(line.stems for line in claim.about(region)))
        for found in CAPITAL.finditer(claim.told.text, region.at, region.end):
            name = found.group()
            if _is_name(claim, found) and not (
                _is_known(name, known | allowed) or _is_repeated(claim, name)
            ):
                yield Kind.NAME, name


def _is_name(claim: Claim, found: re.Match[str]) -> bool:
    word, text = found.group(), claim.told.text
    if not any(char.isupper() for char in word) or _in_a_fact(claim, found.start()):
        return False
    if len(GERMAN & claim.words) >= SPOKEN and not NAMED.match(text, found.start()):
        return False
    if not STARTS.search(text[: found.start()]) or (word.isupper() and len(word) > LOUD):
        return True
    return bool(SUBJECT.match(text, found.end())) and word.lower() not in STARTERS | CALLS


def _in_a_fact(claim: Claim, at: int) -> bool:
    return any(fact.at <= at < fact.end for fact in claim.told.facts)


def _is_known(name: str, known: frozenset[str]) -> bool:
    parts = [part for part in re.split(r"-", name.lower()) if part]
    return all(part in COMMON or is_negation(part) or stem(part) in known for part in parts)


def _is_repeated(claim: Claim, name: str) -> bool:
    """Whether the customer wrote it, and the sentence says that we do not know it."""
    said = words(claim.evidence.said.text)
    return name.lower() in said and any(map(is_negation, claim.words))
