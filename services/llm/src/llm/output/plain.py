"""A model's words as plain text."""

import re

MARKS = re.compile(r"\*\*|__|`+|(?m:^#{1,6} )|(?<!\w)\*(?=\w)|(?<=[\w.!?])\*(?!\w)")
"""What Markdown marks bold, italics, code and headings with."""


def cleaned(text: str) -> str:
    """The text without characters that nobody sees, and without Markdown's marks."""
    return MARKS.sub("", "".join(_seen(one) for one in text))


def _seen(one: str) -> str:
    if one in "\n\t" or one.isprintable():
        return one
    return " " if one.isspace() else ""
