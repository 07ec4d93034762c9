"""Whether an everyday word is meant as a title: "is monster finished", and not "monster manga"."""

from collections.abc import Sequence

from rag.matching.lists import listed
from rag.matching.words import TRADE, Word, shouted

BEFORE = listed("before_title")
"""What stands before a title that is written small: "wrote monster", "the manga monster"."""

NEVER_BEFORE = listed("never_before_title")

AFTER = listed("after_title")
"""What may follow it; so may the end of the text, and a number."""

NOUNS = listed("nouns")
VOLUME = listed("volume_words")
ASKING = listed("asking")


def means_title(said: Sequence[Word], place: range) -> bool | None:
    """Whether the word at `place` is a title: True, None for no, False where it may be either."""
    before = said[place.start - 1] if place.start else None
    after = said[place.stop] if place.stop < len(said) else None
    if before and (before.text in NEVER_BEFORE or _joined(before, said[place.start], said)):
        return None
    if _written_large(said, place):
        return True
    if after is not None and after.text in NOUNS and (before is None or before.text in BEFORE):
        return False
    if _follows(after, said, place) and (before is None or before.text in BEFORE):
        return True
    return None


def goes_on(said: Sequence[Word], place: range) -> bool:
    """Whether the title seems to go on behind the words found: "Dragon Ball Super"."""
    if place.stop >= len(said) or shouted(said):
        return False
    last, following = said[place.stop - 1], said[place.stop]
    large = following.capital and following.start - last.end == 1
    return large and following.text not in TRADE | VOLUME | AFTER | NOUNS


def _joined(before: Word, word: Word, said: Sequence[Word]) -> bool:
    """Whether the word ends a longer name: "My Little Monster"."""
    large = before.capital and not before.opens and not shouted(said)
    return large and word.capital and word.start - before.end == 1


def _written_large(said: Sequence[Word], place: range) -> bool:
    word = said[place.start]
    if not word.capital or shouted(said):
        return False
    following = said[place.stop] if place.stop < len(said) else None
    # A sentence begins large: there it says something only of a word that stands alone.
    return not word.opens or following is None


def _follows(after: Word | None, said: Sequence[Word], place: range) -> bool:
    if after is None or after.text in AFTER or after.text[0].isdigit():
        return True
    number = said[place.stop + 1] if place.stop + 1 < len(said) else None
    return after.text in VOLUME and number is not None and number.text[0].isdigit()
