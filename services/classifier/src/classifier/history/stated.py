"""The volume that a reply told to be in a state: "the missing one" of "all but volume 6"."""

import re

from classifier.history.hint import DESCRIBED
from classifier.history.likeness import STATES
from classifier.history.naming import words_of
from events.context import Context

VOLUME = re.compile(r"\b(?:volumes?|vols?\.?|book|part|no\.?|number|#) ?#?(\d{1,3})\b", re.I)
CLAUSE = re.compile(r"[,;:.!?]\s+|\s+\b(?:but|and only|while|whereas)\b\s+", re.IGNORECASE)


def volume_in_state(context: Context, text: str) -> str | None:
    """The one volume that the last reply told to be as the text describes it."""
    words = [found["words"] for pattern in DESCRIBED for found in pattern.finditer(text)]
    said = words_of(" ".join(words))
    states = [state for state in STATES if state & said]
    if not states or not context.recent:
        return None
    told, last = set(), ""
    for clause in CLAUSE.split(context.recent[-1].replied):
        last = clause if VOLUME.search(clause) else last
        if any(state & words_of(clause) for state in states):
            told |= set(VOLUME.findall(last))
    return told.pop() if len(told) == 1 else None
