"""The one rule by which the simulator counts tokens."""

from math import ceil

CHARACTERS_PER_TOKEN = 3.6
"""Of English prose. The provider publishes no tokenizer (its rule of thumb is 3.5), so any count
made elsewhere is an estimate. A rule this simple lets the caller estimate an answer that was cut
off to the same number."""


def tokens_of(text: str) -> int:
    """How many tokens a text is billed as; a part of a token counts as one."""
    return ceil(len(text) / CHARACTERS_PER_TOKEN)


def first_tokens(text: str, limit: int) -> str:
    """The longest beginning of a text that is not billed as more than `limit` tokens."""
    return text[: int(limit * CHARACTERS_PER_TOKEN)]
