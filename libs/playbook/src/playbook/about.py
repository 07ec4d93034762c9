"""What the catalogue tells of a series, as words: "the spiral one" names none and means one."""

import re
from collections.abc import Iterable, Mapping

from playbook.series import Series

WORD = re.compile(r"[^\W\d_]{3,}")

About = Mapping[str, frozenset[str]]
"""Series id to the words (see `stems`) of its blurb, genres, themes, readers and authors."""


def about(catalogue: Iterable[Series]) -> About:
    """Every series' words."""
    return {series.id: stems(_told(series)) for series in catalogue}


def stems(text: str) -> frozenset[str]:
    """Words of three letters and more, small, one and many alike: "Cats" is cat."""
    return frozenset(_one(word) for word in WORD.findall(text.casefold()))


def _told(series: Series) -> str:
    readers = series.demographic or ""
    return " ".join((series.blurb, readers, *series.authors, *series.genres, *series.themes))


def _one(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
