"""Turns in other languages and tricky English ones, as customers write them."""

from functools import cache
from pathlib import Path

from suites.reference_shop import shop

from classifier.history.wanted import titles_of
from playbook.titles import Titles

FOLDER = Path(__file__).parents[1] / "data" / "language"


@cache
def foreign() -> tuple[tuple[str, str], ...]:
    """Pairs of language code and text."""
    lines = (FOLDER / "foreign.tsv").read_text(encoding="utf-8").splitlines()
    return tuple((code, text) for code, _, text in (line.partition("\t") for line in lines))


@cache
def english() -> tuple[str, ...]:
    """English texts with slang, slips, names, codes and Japanese titles."""
    return tuple((FOLDER / "english.txt").read_text(encoding="utf-8").splitlines())


def titles() -> Titles:
    """The names of the reference shop's catalogue."""
    return titles_of(shop())
