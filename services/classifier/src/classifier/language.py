"""Whether a text is in another language than English.

Told by script, by small words of other languages, and by how many words English has not.
Made for "English or not", not for naming a language. docs/adr/0023-other-languages.md has figures.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from classifier.english import is_english, is_spelt
from classifier.small_words import ALONE, SMALL
from playbook.titles import folded

ENGLISH = "en"
MAX_CHARACTERS = 1_000
"""What is read of a text: it bounds the time."""

WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
PLAIN_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
"""The same in a text of small ASCII letters, where it is quicker."""

CODE = re.compile(r"#?[a-z\d][a-z\d._/-]*\d[a-z\d]*|\S+@\S+|(?:https?:|www\.)\S+")
MARK, SITE = re.compile(r"[\d@:]"), "www."
"""One of both is in every code. To look for them takes a tenth of the time."""

BORROWED = re.compile(
    r"\b(?:los angeles|las vegas|el paso|rio de janeiro|buenos aires|la paz|le havre|à la carte)\b"
)
ENDINGS = frozenset({"s", "t", "re", "ve", "ll", "d", "m", "em", "all", "am"})
"""What stands after an English apostrophe."""

MOST, SOME = 0.5, 0.33
"""Least share of strange words, and of such with a small word of another language among them."""

PERHAPS, FEW = 0.4, 2
"""Least share and number of words not spelt as English has them, for a text that may be foreign."""

LONGEST_TITLE = 8
NONE: Mapping[str, str] = MappingProxyType({})


def is_foreign(text: str, titles: Mapping[str, str] = NONE) -> bool:
    """Whether a text is not English, its order ids and the catalogue's `titles` left out.

    A text without words is in no language.
    """
    lowered = text[:MAX_CHARACTERS].replace("’", "'").lower()
    if _is_plain(_words(lowered)):
        return False
    words = _words(_without(lowered, titles) if titles else lowered)
    return bool(words) and (_in_other_letters("".join(words)) or _reads_foreign(words))


def may_be_foreign(text: str, titles: Mapping[str, str] = NONE) -> bool:
    """Whether so many words are not spelt as in English that no cheap answer should trust them.

    Weaker than `is_foreign`: asked only where nothing but the model has decided.
    """
    lowered = text[:MAX_CHARACTERS].replace("’", "'").lower()
    words = _words(_without(lowered, titles) if titles else lowered)
    odd = [word for word in words if "'" not in word and not is_spelt(word)]
    return len(odd) >= FEW and len(odd) >= PERHAPS * len(words)


def _words(lowered: str) -> list[str]:
    coded = MARK.search(lowered) or SITE in lowered
    read = BORROWED.sub(" ", CODE.sub(" ", lowered) if coded else lowered)
    return (PLAIN_WORD if read.isascii() else WORD).findall(read)


def _is_plain(words: Sequence[str]) -> bool:
    """Whether nothing in a text is strange: most turns, and the quickest way out."""
    return ALONE.isdisjoint(words) and not any(map(_is_strange, words))


def _is_strange(word: str) -> bool:
    if word in SMALL:
        return True
    if "'" not in word:
        return not is_english(word)
    # "McDonald's": whatever stands before an English ending is at worst a name.
    start, _, end = word.partition("'")
    return end not in ENDINGS or start in SMALL


def _reads_foreign(words: Sequence[str]) -> bool:
    strange = [word for word in words if _is_strange(word)]
    told = not SMALL.isdisjoint(words)
    if len(strange) + sum(word in ALONE for word in words) >= len(words):
        return told or not ALONE.isdisjoint(words) or _is_readable(strange)
    share = len(strange) / len(words)
    return (told and share >= SOME) or (share >= MOST and _is_readable(strange))


def _is_readable(words: Sequence[str]) -> bool:
    """Whether unknown words may be words at all: keys hit at random are no language."""
    letters = "".join(words)
    if not letters.isascii():
        return True
    vowels = sum(letter in "aeiouy" for letter in letters) / len(letters)
    return 0.2 <= vowels <= 0.8 and (len(letters) < 5 or len(set(letters)) > 2)


def _in_other_letters(letters: str) -> bool:
    """Whether at least half of the letters are not Latin ones."""
    return not letters.isascii() and sum(map(_is_latin, letters)) * 2 <= len(letters)


def _is_latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN")


def _without(lowered: str, titles: Mapping[str, str]) -> str:
    """A text in small letters without the names that the catalogue knows."""
    words = lowered.split()
    bare = [folded(word) for word in words]
    left, at = [], 0
    while at < len(words):
        length = _named(bare[at : at + LONGEST_TITLE], titles)
        if not length:
            left.append(words[at])
        at += length or 1
    return " ".join(left)


def _named(bare: Sequence[str], titles: Mapping[str, str]) -> int:
    """How many words from the first one on are a name of the catalogue."""
    joined, longest = "", 0
    for length, word in enumerate(bare, 1):
        joined += word
        if word and joined in titles:
            longest = length
    return longest
