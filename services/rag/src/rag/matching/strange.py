"""Finds what looks like a title and is none of ours: then nothing may be answered for another."""

import re
from collections.abc import Iterable

from rag.matching.lists import listed
from rag.matching.matcher import Mention
from rag.matching.volume import without
from rag.matching.words import TRADE, Word, is_common, is_known, shouted, words

QUOTED = re.compile(r"[\"“«]([^\"”»]{2,60})[\"”»]")
CALLED = re.compile(r"\b(?:called|named|titled) ([^?.!,]{2,60})", re.IGNORECASE)
SHORTEST = 4
SMALL = listed("small")
"""Words that stand small inside a title."""


def strange_title(text: str, mentions: Iterable[Mention]) -> str | None:
    """The words that look like a title outside of the mentions, or None."""
    blank = without(text, mentions)
    for pattern in (QUOTED, CALLED):
        found = pattern.search(blank)
        if found and found[1].strip():
            return found[1].strip()
    return _run(blank, words(blank))


def _run(text: str, said: tuple[Word, ...]) -> str | None:
    """The longest run of words that are written like a name, or are no words."""
    capitals = not shouted(said)
    runs = [run for run in _runs(said, capitals) if _telling(run, capitals)]
    best = max(runs, key=len, default=None)
    return text[best[0].start : best[-1].end] if best else None


def _runs(said: tuple[Word, ...], capitals: bool) -> Iterable[list[Word]]:
    run: list[Word] = []
    for word in said:
        if _odd(word, capitals) or (run and word.text in SMALL):
            run.append(word)
            continue
        yield _trimmed(run)
        run = []
    yield _trimmed(run)


def _trimmed(run: list[Word]) -> list[Word]:
    while run and run[-1].text in SMALL:
        run = run[:-1]
    return run


def _odd(word: Word, capitals: bool) -> bool:
    if word.text in TRADE:
        return False
    unknown = len(word.text) >= SHORTEST and not is_known(word.text)
    return unknown or (capitals and word.capital and not word.opens)


def _telling(run: list[Word], capitals: bool) -> bool:
    """Whether a run is more than one everyday word with a capital ("English")."""
    large = sum(word.capital for word in run) if capitals else 0
    return large > 1 or any(not is_common(word.text) for word in run)
