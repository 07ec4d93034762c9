"""Families for rows that name none: texts that differ in little but their figures and a word.

Public data is full of such near-twins. Were they split between training and test, every figure
drawn from the test would be of things seen.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from devkit.training.corpus import Row

ALIKE = 88.0
"""Least likeness in percent (token-set ratio over masked texts) of two rows of one family."""

MASKED = re.compile(r"[#\w-]*\d[\w-]*|\{\{[^}]*\}\}")


def with_families(rows: Sequence[Row]) -> list[Row]:
    """The rows; those without a family get one, named after their label and its first row."""
    bare: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if not row.family:
            bare[row.label].append(number)
    found = list(rows)
    for label, numbers in bare.items():
        heads = _heads([_masked(rows[number].text) for number in numbers])
        for number, head in zip(numbers, heads, strict=True):
            family = f"{label}/alike/{numbers[head]}"
            found[number] = rows[number].model_copy(update={"family": family})
    return found


def _heads(texts: Sequence[str]) -> list[int]:
    """For each text the place of the first one that it is like: itself, where there is none."""
    heads: list[int] = []
    firsts: list[int] = []
    said: list[str] = []
    for place, text in enumerate(texts):
        found = process.extractOne(text, said, scorer=fuzz.token_set_ratio, score_cutoff=ALIKE)
        head = firsts[found[2]] if found else place
        if not found:
            firsts.append(place)
            said.append(text)
        heads.append(head)
    return heads


def _masked(text: str) -> str:
    return MASKED.sub("0", text.lower())
