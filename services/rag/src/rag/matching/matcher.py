"""Finds the series that a text names: written out, mistyped, or by one telling word."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from playbook.series import Series
from rag.matching.fuzzy import Fuzzy, Guess
from rag.matching.going_on import seems_longer
from rag.matching.names import Kind, Name, Names
from rag.matching.sense import goes_on, means_title
from rag.matching.words import Word, clipped, is_common, is_known, shouted, words

MOST_GUESSED = 150
"""So many runs of words are compared with the names, those that begin first. A question of a dozen
words has no more; each costs a tenth of a millisecond."""

LIKE_THE_BEST = 3.0
"""Guesses so many points behind the best one could be meant as well."""


@dataclass(frozen=True)
class Mention:
    """A place in a text that names a series; several candidates where it could be any of them.

    `start` and `end` are places in the text. `sure` is False where the words may mean something
    else ("monster manga"). `score` is the likeness from 0 to 100.
    """

    series: tuple[str, ...]
    start: int
    end: int
    score: float = 100.0
    sure: bool = True

    @property
    def one(self) -> str | None:
        """The id of the series, where it is one without a doubt."""
        return self.series[0] if self.sure and len(self.series) == 1 else None


class Matcher:
    """All names of a catalogue, made ready once."""

    def __init__(self, series: Sequence[Series]) -> None:
        self._names = Names(series)
        self._fuzzy = Fuzzy(self._names)

    def find(self, text: str) -> tuple[Mention, ...]:
        """The series that a text's beginning names, in its order. They do not overlap."""
        said = words(clipped(text))
        taken: list[range] = []
        found = [*self._exact(said, taken), *self._mistyped(said, taken)]
        found += self._telling(said, taken) if not found else []
        starts = {mention.start for mention in found}
        told = [word for word in said if word.start not in starts]
        found = [_doubted(mention, text, told) for mention in found]
        return tuple(sorted(found, key=lambda mention: mention.start))

    def _exact(self, said: Sequence[Word], taken: list[range]) -> list[Mention]:
        """Names written out, the longest first."""
        found = []
        for place in _places(len(said), self._names.longest):
            name = self._names.exact(" ".join(said[at].text for at in place))
            if name is None or _overlaps(place, taken):
                continue
            sure = self._sense(name, said, place)
            if sure is not None:
                taken.append(place)
                found.append(_mention(said, place, name.series, sure=sure))
        return found

    def _sense(self, name: Name, said: Sequence[Word], place: range) -> bool | None:
        """Whether the title is meant: True, False where it may be, None where it is not."""
        if name.kind is Kind.INITIALS and len(name.series) > 1:
            return None
        meant = means_title(said, place) if name.weak else True
        return False if meant and goes_on(said, place) else meant

    def _mistyped(self, said: Sequence[Word], taken: list[range]) -> list[Mention]:
        """Names with a wrong letter or two, where the text holds a word that is no word."""
        odd = _odd(said)
        runs = {
            place: " ".join(said[at].text for at in place)
            for place in _places(len(said), self._fuzzy.longest)
            if not odd.isdisjoint(place) and not _overlaps(place, taken)
        }
        first = dict.fromkeys(runs[place] for place in sorted(runs, key=lambda one: one.start))
        guessed = {run: self._fuzzy.guesses(run) for run in islice(first, MOST_GUESSED)}
        found = [(place, guessed[run]) for place, run in runs.items() if guessed.get(run)]
        found.sort(key=lambda entry: (-entry[1][0].score, -len(entry[0])))
        mentions = []
        for place, guesses in found:
            if not _overlaps(place, taken):
                taken.append(place)
                mentions.append(_guessed(said, place, guesses))
        return mentions

    def _telling(self, said: Sequence[Word], taken: list[range]) -> list[Mention]:
        """One word of a longer title ("punpun"), written out or nearly."""
        found = []
        for at, word in enumerate(said):
            place = range(at, at + 1)
            series = self._fuzzy.by_word(word.text)
            if series and not _overlaps(place, taken) and not is_known(word.text):
                found.append(_mention(said, place, tuple(sorted(series))))
        return found


def _doubted(mention: Mention, text: str, said: Sequence[Word]) -> Mention:
    """The mention, unsure where the words behind it make it another book's title."""
    longer = mention.sure and seems_longer(text, said, mention.end)
    return replace(mention, sure=False) if longer else mention


def _places(count: int, longest: int) -> Iterable[range]:
    """Every run of words, the longest first."""
    for size in range(min(count, longest), 0, -1):
        for start in range(count - size + 1):
            yield range(start, start + size)


def _overlaps(place: range, taken: Iterable[range]) -> bool:
    return any(place.start < other.stop and other.start < place.stop for other in taken)


def _odd(said: Sequence[Word]) -> frozenset[int]:
    """The places of what is no word, or is written like a name."""
    capitals = not shouted(said)
    return frozenset(
        at
        for at, word in enumerate(said)
        if not is_known(word.text)
        or (capitals and word.capital and not word.opens and not is_common(word.text))
    )


def _guessed(said: Sequence[Word], place: range, guesses: Sequence[Guess]) -> Mention:
    best = guesses[0].score
    close = [guess for guess in guesses if guess.score > best - LIKE_THE_BEST]
    series = tuple(dict.fromkeys(one for guess in close for one in guess.name.series))
    return _mention(said, place, series, score=best, sure=guesses[0].sure)


def _mention(
    said: Sequence[Word],
    place: range,
    series: tuple[str, ...],
    *,
    score: float = 100.0,
    sure: bool = True,
) -> Mention:
    return Mention(series, said[place.start].start, said[place.stop - 1].end, score, sure)
