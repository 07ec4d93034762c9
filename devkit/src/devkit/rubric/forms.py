"""Which answers are the same but for their facts."""

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from devkit.rubric.example import Example
from devkit.rubric.facts import Masked, Masker

ALIKE = 85.0
"""Masked answers are one form from this likeness on, of 100: a sentence may differ."""


def masked_answers(examples: Sequence[Example], masker: Masker) -> list[Masked]:
    """Each answer's form and facts."""
    return [masker.masked(one.answer, dict(one.entities)) for one in examples]


def forms_of(masked: Sequence[Masked]) -> list[int]:
    """A number of each answer's form: near duplicates of the first of their kind share one."""
    kinds: list[str] = []
    numbers = []
    for one in masked:
        found = process.extractOne(one.form, kinds, scorer=fuzz.ratio, score_cutoff=ALIKE)
        if found is None:
            kinds.append(one.form)
        numbers.append(len(kinds) - 1 if found is None else found[2])
    return numbers
