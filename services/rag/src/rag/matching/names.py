"""Every name by which a series may be called, ready to be compared."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from playbook.series import Series
from rag.matching.words import is_common, is_known, key_of

SUBTITLE = re.compile(r"\s*(?::| [-–—~] |\(|!\s+\w)")
ARTICLES = ("the ", "a ", "an ")
SHORTEST_PART = 4
SHORTEST_SQUEEZED = 3
SHORTEST_INITIALS = 3
SHORTEST_TELLING = 5
MOST_WORDS = 12
"""Names with more words are found by their first part, or by a telling word."""


class Kind(IntEnum):
    """How sure a name is, the surest first."""

    TITLE = 0
    ALIAS = 1
    PART = 2
    INITIALS = 3


@dataclass(frozen=True)
class Name:
    """The series that a key stands for; several where they share it."""

    key: str
    kind: Kind
    series: tuple[str, ...]

    @property
    def weak(self) -> bool:
        """Whether the name is an everyday word ("monster"): then the words around it decide."""
        short = len(self.key) <= SHORTEST_SQUEEZED
        return all(is_common(word) for word in self.key.split()) and (short or " " not in self.key)


class Names:
    """All names of a catalogue.

    `keys` maps a folded name to whom it belongs, `squeezed` the same without spaces, `telling` a
    word that no everyday text holds to the series whose names have it.
    """

    def __init__(self, series: Sequence[Series]) -> None:
        found = _collected(series)
        self.keys = {key: _name(key, owners) for key, owners in found.items()}
        self.squeezed = _squeezed(self.keys)
        self.telling = _telling(self.keys.values(), _people(series))
        self.longest = min(max((key.count(" ") + 1 for key in self.keys), default=1), MOST_WORDS)

    def exact(self, key: str) -> Name | None:
        """The name that a text writes out, spaces aside; no single number."""
        if key.isdigit():
            return None
        return self.keys.get(key) or self.squeezed.get(key.replace(" ", ""))


def _collected(series: Iterable[Series]) -> Mapping[str, Mapping[str, Kind]]:
    """Key -> series id -> the surest kind in which the key belongs to it."""
    found: dict[str, dict[str, Kind]] = defaultdict(dict)
    for one in series:
        for key, kind in _keys(one):
            known = found[key].get(one.id)
            found[key][one.id] = kind if known is None else min(kind, known)
    return found


def _keys(series: Series) -> Iterator[tuple[str, Kind]]:
    for name in series.names:
        kind = Kind.TITLE if name == series.title else Kind.ALIAS
        key = key_of(name)
        if not key:
            continue
        yield key, kind
        yield from _shorter(name, key)
    if initials := _initials(key_of(series.title)):
        yield initials, Kind.INITIALS


def _shorter(name: str, key: str) -> Iterator[tuple[str, Kind]]:
    """The name without its subtitle, and without its article."""
    part = key_of(SUBTITLE.split(name, maxsplit=1)[0])
    for short in (part, *(key.removeprefix(article) for article in ARTICLES)):
        if short != key and len(short) >= SHORTEST_PART and not short.isdigit():
            yield short, Kind.PART


def _initials(key: str) -> str | None:
    letters = "".join(word[0] for word in key.split())
    wanted = len(letters) >= SHORTEST_INITIALS and letters.isalpha() and not is_known(letters)
    return letters if wanted else None


def _name(key: str, owners: Mapping[str, Kind]) -> Name:
    """The owners of the surest kind alone: a title goes before another series' alias."""
    kind = min(owners.values())
    return Name(key, kind, tuple(sorted(one for one, own in owners.items() if own == kind)))


def _squeezed(keys: Mapping[str, Name]) -> dict[str, Name]:
    squeezed: dict[str, Name] = {}
    for key, name in sorted(keys.items(), key=lambda pair: pair[1].kind):
        short = key.replace(" ", "")
        if len(short) > SHORTEST_SQUEEZED and not is_known(short):
            squeezed.setdefault(short, name)
    return squeezed


def _people(series: Iterable[Series]) -> frozenset[str]:
    """The words of authors' names: in a title ("Naoki Urasawa's Monster") they tell nothing."""
    words = {word for one in series for author in one.authors for word in key_of(author).split()}
    return frozenset(words | {f"{word}s" for word in words})


def _telling(names: Iterable[Name], people: frozenset[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name in names:
        if name.kind is Kind.INITIALS:
            continue
        for word in name.key.split():
            if len(word) >= SHORTEST_TELLING and not is_known(word) and word not in people:
                found[word] |= set(name.series)
    return {word: frozenset(series) for word, series in found.items()}
