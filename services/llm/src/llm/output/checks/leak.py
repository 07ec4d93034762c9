"""What is inside and must stay there: the prompt, the tags, refs; and words put into our mouth."""

import re
from collections.abc import Collection, Iterable, Iterator

from llm.output.checks.claim import Claim
from llm.output.facts.fact import Kind, Miss
from llm.output.facts.flat import COMMON, flat, words
from llm.sentences import sentences

TAGS = "task|evidence|item|history|said|replied|plain|customer|system|prompt"
MARKUP = re.compile(
    rf"</?[a-z!][^>]*>|</|/>|<(?:{TAGS})\b|&(?:lt|gt|amp|quot);|\w+=\"", re.IGNORECASE
)
RUN = 6
"""So many words in a row are a quotation. "I don't know that" is shorter, and anybody's."""
SHORT = 3
ECHO = 5
OBEYED = 3
FOREIGN = 4
"""So many words with meaning, none of them in any evidence, are about something else."""
ENGLISH = 2


class Leak:
    """The private lines of a prompt. `public` are texts that any reply may quote."""

    def __init__(self, private: Collection[str], public: Iterable[str]) -> None:
        lines = [tuple(words(flat(line))) for line in private]
        told = {run for text in public for run in runs(tuple(words(flat(text))), RUN)}
        self._runs = {run for line in lines for run in runs(line, RUN)} - told
        short = {tuple(words(flat(one))) for line in private for one in sentences(line)}
        self._whole = {one for one in short if len(one) >= SHORT} - told

    def leaks(self, claim: Claim) -> Iterator[Miss]:
        """Tags, refs, and words of the prompt."""
        said = tuple(words(claim.text))
        if said in self._whole or self._runs & set(runs(said, RUN)):
            yield Kind.LEAK, "prompt"
        if MARKUP.search(claim.text):
            yield Kind.MARKUP, "tag"
        for ref in claim.evidence.refs:
            if re.search(r"[-_:/]", ref) and ref.lower() in claim.text.lower().split():
                yield Kind.LEAK, "ref"


def echoed(claim: Claim) -> Iterator[Miss]:
    """The customer's own words, said back as they were: whoever puts words into our mouth."""
    theirs = set(runs(tuple(words(claim.evidence.said.text)), ECHO))
    mine = runs(tuple(words(claim.text)), ECHO)
    if any(run in theirs and not _is_told(run, claim) for run in mine):
        yield Kind.OFF_TOPIC, "echo"
    if _obeys(tuple(words(claim.text)), claim):
        yield Kind.OFF_TOPIC, "order"


def _obeys(mine: tuple[str, ...], claim: Claim) -> bool:
    """Whether a few words of an order stand here, and in nothing that is told."""
    length = min(OBEYED, len(mine))
    for order in claim.evidence.orders if length > 1 else ():
        theirs = set(runs(tuple(words(order)), length))
        if any(run in theirs and not _is_told(run, claim) for run in runs(mine, length)):
            return True
    return False


def _is_told(run: tuple[str, ...], claim: Claim) -> bool:
    return any(" ".join(run) in line.words for line in claim.lines)


def off_topic(claim: Claim, vocabulary: frozenset[str]) -> Iterator[Miss]:
    """An English sentence without a single word of the evidence or of the shop."""
    english = sum(word in COMMON for word in words(claim.text)) >= ENGLISH
    if not english or claim.titles or len(claim.stems) < FOREIGN:
        return
    known = frozenset().union(vocabulary, *(line.stems for line in claim.lines))
    if not claim.stems & known:
        yield Kind.OFF_TOPIC, "words"


def runs(said: tuple[str, ...], length: int) -> list[tuple[str, ...]]:
    """Every stretch of so many words."""
    return [said[at : at + length] for at in range(len(said) - length + 1)]
