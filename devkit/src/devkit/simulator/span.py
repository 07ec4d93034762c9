"""The sentence of a text that holds a place: what a label quotes."""

import re

BREAK = re.compile(r"(?<=[.!?…])\s+|\n+")


def spans(text: str) -> list[tuple[int, int]]:
    """Beginning and end of each sentence, lines being sentences too."""
    found, begin = [], 0
    for gap in BREAK.finditer(text):
        found.append((begin, gap.start()))
        begin = gap.end()
    found.append((begin, len(text)))
    return [(begin, end) for begin, end in found if end > begin]


def around(text: str, place: int) -> str:
    """The sentence that holds the character at `place`."""
    return next(text[begin:end] for begin, end in spans(text) if begin <= place < end)


def replaced(text: str, begin: int, end: int, new: str) -> tuple[str, str, str]:
    """The text with one stretch replaced, and its sentence as it is and as it was."""
    changed = text[:begin] + new + text[end:]
    return changed, around(changed, begin), around(text, begin)
