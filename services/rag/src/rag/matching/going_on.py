"""Whether words behind a title make it another book's: "Bleach: burn the witch"."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from rag.matching.lists import listed
from rag.matching.words import TRADE, Word, is_common, is_known

PLAIN = (
    TRADE
    | listed("after_title")
    | listed("asking")
    | listed("follow")
    | listed("general")
    | listed("nouns")
    | listed("volume_words")
)
"""Words that are asked of any book."""

MEANT = (*TRADE, "available", "edition", "finished", "ongoing", "price", "recommend", "stock")
MISTYPED = 75.0
"""From this likeness on an unknown word is one of these, mistyped."""

COLON = re.compile(r":\s+")
ENDS = frozenset({"price", "prices", "cost", "costs"}) | listed("volume_words")
LATER = ("before", "after", "beyond")
MOST_WORDS = 4


def seems_longer(text: str, said: Sequence[Word], end: int) -> bool:
    """Whether the title that ends at `end`, a place of the text, seems to be a longer one's."""
    behind = [word for word in said if word.start >= end]
    if not behind:
        return False
    first = behind[0]
    if COLON.fullmatch(text[end : first.start]):
        return first.text not in PLAIN and not first.text.isdigit()
    run = _run(text, behind, end)
    if not run:
        return False
    return _no_word(run[0]) or _of_a_name(run) or _before_the(run)


def _run(text: str, behind: Sequence[Word], end: int) -> list[Word]:
    """The words that follow with nothing but a space between, up to what is asked of it."""
    run: list[Word] = []
    for word in behind[:MOST_WORDS]:
        if text[end : word.start] != " " or word.text in ENDS or word.text.isdigit():
            break
        run.append(word)
        end = word.end
    return run


def _no_word(word: Word) -> bool:
    """Whether it is a name, and no word of a question that is mistyped."""
    if is_known(word.text) or word.text in PLAIN:
        return False
    return process.extractOne(word.text, MEANT, scorer=fuzz.ratio, score_cutoff=MISTYPED) is None


def _of_a_name(run: Sequence[Word]) -> bool:
    """ "berserk of gluttony": what follows "of" is no everyday word."""
    return len(run) > 1 and run[0].text == "of" and not is_common(run[1].text)


def _before_the(run: Sequence[Word]) -> bool:
    """ "attack on titan before the fall"."""
    return len(run) > 2 and run[0].text in LATER and run[1].text == "the" and _told(run[2])


def _told(word: Word) -> bool:
    return word.text not in PLAIN
