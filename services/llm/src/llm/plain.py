"""A model's words as plain text."""

import re

MARKS = re.compile(r"\*\*|__|`+|(?m:^#{1,6} )|(?<!\w)\*(?=\w)|(?<=[\w.!?])\*(?!\w)")
"""What Markdown marks bold, italics, code and headings with."""


def cleaned(text: str) -> str:
    """The text without characters that nobody sees, and without Markdown's marks."""
    kept = (one for one in text if one in "\n\t" or one.isprintable())
    return MARKS.sub("", "".join(kept))
