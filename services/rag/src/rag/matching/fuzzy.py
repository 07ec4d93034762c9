"""Names that are nearly written out: likeness by letters, sounds that are often confused aside."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from rag.matching.names import Kind, Name, Names

SHORTEST = 5
"""Shorter names ("Nana", "Baki") have too many neighbours."""

MOST_WORDS = 6
NEIGHBOURS = 8
SURE_LONG, SURE_SHORT = 84.0, 85.5
"""From this likeness a name is taken as meant; short ones need more."""

ASK_LONG, ASK_SHORT = 78.0, 83.0
"""From this likeness on the customer is asked."""

LONG = 8

SOUNDS = (
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"ck|q|c(?![eiyh])"), "k"),
    (re.compile(r"z|c(?=[eiy])"), "s"),
    (re.compile(r"oo|ou|uu"), "u"),
    (re.compile(r"ee|ie|ei|y"), "i"),
    (re.compile(r"(?<=[a-z])h(?![aeiou])"), ""),
)
"""Spellings that sound alike, or that romanisations mix up; applied one after the other."""

SOUND_COSTS = 4.0
"""Points that a likeness by sound is worth less than one by letters."""


@dataclass(frozen=True)
class Guess:
    """A name that may be meant, and how much the text is like it, 0 to 100."""

    name: Name
    score: float

    @property
    def sure(self) -> bool:
        """Whether the likeness leaves no doubt."""
        return self.score >= (SURE_LONG if len(self.name.key) >= LONG else SURE_SHORT)

    @property
    def worth_asking(self) -> bool:
        """Whether it is like enough to be asked for."""
        return self.score >= (ASK_LONG if len(self.name.key) >= LONG else ASK_SHORT)


def sound(key: str) -> str:
    """A name as it sounds, roughly: `berzerk` and `berserk` are one."""
    for pattern, instead in SOUNDS:
        key = pattern.sub(instead, key)
    return key


def _by_length(keys: Sequence[str]) -> list[dict[int, str]]:
    """For each length up to the longest key's, the keys of about that length that are to be
    compared, by their place."""
    longest = max((len(key) for key in keys), default=0)
    return [
        {at: key for at, key in enumerate(keys) if _comparable(len(key), length)}
        for length in range(2 * longest + 1)
    ]


def _comparable(known: int, said: int) -> bool:
    """Whether texts of these lengths can reach the least likeness that counts at all."""
    return known > 0 and 200.0 * min(known, said) >= ASK_LONG * (known + said)


def _as_long(known: Sequence[dict[int, str]], length: int) -> dict[int, str]:
    return known[length] if length < len(known) else {}


class Fuzzy:
    """The names that are long enough to be guessed."""

    def __init__(self, names: Names) -> None:
        self._names = [
            name
            for name in names.keys.values()
            if len(name.key) >= SHORTEST and name.kind is not Kind.INITIALS
        ]
        squeezed = [name.key.replace(" ", "") for name in self._names]
        self._keys = _by_length(squeezed)
        self._sounds = _by_length([sound(key) for key in squeezed])
        self._telling = names.telling
        self._words = list(names.telling)
        most = max((name.key.count(" ") + 1 for name in self._names), default=1)
        self.longest = min(most, MOST_WORDS)

    def guesses(self, key: str) -> list[Guess]:
        """The names that a run of words is like, the likest first. Spaces do not count."""
        squeezed = key.replace(" ", "")
        if len(squeezed) < SHORTEST - 1:
            return []
        scores: dict[int, float] = {}
        for said, known, costs in (
            (squeezed, self._keys, 0.0),
            (sound(squeezed), self._sounds, SOUND_COSTS),
        ):
            cutoff = ASK_LONG + costs
            near = _as_long(known, len(said))
            found = process.extract(
                said, near, scorer=fuzz.ratio, score_cutoff=cutoff, limit=NEIGHBOURS
            )
            for _, score, at in found:
                scores[at] = max(scores.get(at, 0.0), score - costs)
        ranked = sorted(scores.items(), key=lambda pair: -pair[1])
        guesses = [Guess(self._names[at], score) for at, score in ranked]
        return [guess for guess in guesses if guess.worth_asking]

    def by_word(self, word: str) -> frozenset[str]:
        """The series with this telling word in a name, or with one that is nearly the same."""
        if word in self._telling or len(word) < SHORTEST + 1:
            return self._telling.get(word, frozenset())
        found = process.extractOne(word, self._words, scorer=fuzz.ratio, score_cutoff=SURE_SHORT)
        return self._telling[found[0]] if found else frozenset()
