"""Which of several series a volume belongs to: a fact is never told with another book's number."""

import re
from collections.abc import Sequence

from rag.matching.matcher import Mention
from rag.matching.volume import placed_volumes

OF = re.compile(
    r"(?:volumes?|vols?|books?)?[\s\d.,#&–-]*(?:(?:and|or|to)[\s\d,&]*)*"
    r"\b(?:of|from|in) (?:the )?[\"“']?",
    re.IGNORECASE,
)
"""What stands between a number and the title behind it: "volumes 1 and 2 of Monster"."""


def volumes_of(text: str, mentions: Sequence[Mention], series: str) -> tuple[int, ...]:
    """The volumes that a text asks of one of the series it names, in its order."""
    placed = placed_volumes(text, mentions)
    mine = [number for at, number in placed if _owner(text, at, mentions).one == series]
    return tuple(dict.fromkeys(mine))


def _owner(text: str, at: int, mentions: Sequence[Mention]) -> Mention:
    """The mention a number is bound to: the one it is "of", else the last one before it."""
    after = next((one for one in mentions if one.start > at), None)
    if after and OF.fullmatch(_behind_number(text[at : after.start])):
        return after
    before = [one for one in mentions if one.end <= at]
    return before[-1] if before else mentions[0]


def _behind_number(between: str) -> str:
    """Without the number itself, be it written as a word or with a noun before it."""
    return re.sub(r"^(?:volumes?|vols?|books?|v|#|no|nr|number)?[.\s#]*\w+", "", between, count=1)
