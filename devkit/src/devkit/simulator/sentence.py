"""Cutting text into sentences and words, and matching it with a question."""

import re

END = re.compile(r"[.!?…][\"”’')\]]*(?=\s|$)")
SPLIT = re.compile(r"(?<=[.!?…])\s+(?=[^\sa-z])|\s*[\n;]\s*")
WORD = re.compile(r"[^\W_]+")
COMMON_TEXT = """
a about an and any are as at be but by can could did do does for from had has have how i
if in is it its like me my of on or please so tell that the their them there they this to
want was what when where which who will with would you your
"""
COMMON = frozenset(COMMON_TEXT.split())


def sentences(text: str) -> list[str]:
    """The sentences and clauses of a text, without the semicolons and lines that part them."""
    return [piece.strip() for piece in SPLIT.split(text) if piece.strip()]


def ended(text: str) -> str:
    """The text with a full stop where it has no end of its own."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text.rstrip(',:')}."


def words(text: str) -> frozenset[str]:
    """The stems of the words that carry meaning."""
    found = (word.lower() for word in WORD.findall(text))
    return frozenset(stem(word) for word in found if word not in COMMON)


def stem(word: str) -> str:
    """A word without its commonest endings: crude, and the same on both sides of a comparison."""
    for ending in ("ing", "ies", "ed", "es", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def first_end(text: str) -> int:
    """How many characters the first sentence has: the whole text where it never ends."""
    found = END.search(text)
    return found.end() if found else len(text)
