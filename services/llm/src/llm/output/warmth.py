"""Whether a warmed text still tells what the plain one told: its words, in their order.

Figures alone do not carry a fact. "Send it back within 30 days" and "we send it within 30 days"
hold the same ones. So a warmed text may add sentences that state nothing, by the playbook's list,
and a few words that colour; everything else stays as it was, or the plain text goes out.
"""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from llm.output.facts.flat import flat
from llm.output.plain import cleaned
from llm.sentences import sentences

EDGES = ".,;:!\"'()[]*_…“”‘’"
COLOURS = frozenset(["please", "just", "simply", "gladly", "happily", "kindly"])
"""Words that change no fact, wherever they stand."""
CLAUSE = re.compile(r"[,;:!.?…]+\s*(?:and |but |so )?|\s+-\s+|\s+(?:and|but|so)\s+")
MOST_COURTESIES = 3


class Warmth:
    """What one shop lets warmth add: `courtesies`, as patterns of clauses in lower case."""

    def __init__(self, courtesies: Iterable[str]) -> None:
        self._courtesies = [re.compile(one) for one in courtesies]

    def kept(self, plain: str, warmed: str) -> tuple[str, ...]:
        """What the warmed text has lost or added, word by word. Empty: it may go out."""
        if cleaned(warmed) != warmed:
            return ("added marks",)
        given, written = sentences(flat(plain)), sentences(flat(warmed))
        extra = sum(map(self._is_courtesy, written)) - sum(map(self._is_courtesy, given))
        if extra > MOST_COURTESIES:
            return (f"added {extra} courtesies",)
        return tuple(_differences(self._told(given), self._told(written)))

    def _told(self, said: Iterable[str]) -> list[str]:
        return [word for one in said if not self._is_courtesy(one) for word in tokens(one)]

    def _is_courtesy(self, sentence: str) -> bool:
        """Whether a sentence states nothing: as a whole, or clause by clause."""
        whole = sentence.strip().lower().rstrip(".!")
        return self._listed(whole) or all(
            self._listed(clause.strip()) for clause in CLAUSE.split(whole) if clause.strip()
        )

    def _listed(self, clause: str) -> bool:
        return any(one.fullmatch(clause) for one in self._courtesies)


def tokens(text: str) -> list[str]:
    """The words of a text, without edges and colours. A word with a figure or sign in it counts as
    written; a question mark is a word."""
    found = []
    for written in text.split():
        bare = written.strip(EDGES + "?")
        word = bare.lower() if bare.isalpha() else bare
        found += [word] if word and word not in COLOURS else []
        found += ["?"] if "?" in written[-3:] else []
    return found


def _differences(plain: Sequence[str], warmed: Sequence[str]) -> Iterable[str]:
    for kind, at, end, begin, stop in SequenceMatcher(
        None, plain, warmed, autojunk=False
    ).get_opcodes():
        if kind != "equal" and end > at:
            yield f"lost {' '.join(plain[at:end])}"
        if kind != "equal" and stop > begin:
            yield f"added {' '.join(warmed[begin:stop])}"
