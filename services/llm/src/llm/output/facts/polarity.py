"""What a sentence denies: the words that stand under a "not"."""

import re

from llm.output.facts.flat import COMMON, WORD, is_negation, stem

REACH = 3
"""A negation covers so many words with meaning, up to the end of its clause."""
CLAUSE = re.compile(r"[,;:.!?\n()]|\b(?:but|and|or|because|while|until|unless|if)\b", re.IGNORECASE)


def denied(text: str) -> frozenset[str]:
    """The stems of the words that a flat text denies."""
    return frozenset(one for clause in CLAUSE.split(text) for one in _in_clause(clause))


def _in_clause(clause: str) -> list[str]:
    found, left = [], 0
    for word in (one.group().lower() for one in WORD.finditer(clause)):
        if is_negation(word):
            left = REACH
        elif left and word not in COMMON:
            found.append(stem(word))
            left -= 1
    return found
