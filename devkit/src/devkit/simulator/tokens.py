"""The one rule by which the simulator counts tokens."""

from math import ceil

CHARACTERS_PER_TOKEN = 3.5
"""The provider's own rule of thumb for English text. It publishes no tokenizer, so any offline
count is an estimate; a rule this simple lets every side of a test count the same."""


def tokens_of(text: str) -> int:
    """How many tokens a text is billed as; a part of a token counts as one."""
    return ceil(len(text) / CHARACTERS_PER_TOKEN)


def first_tokens(text: str, limit: int) -> str:
    """The longest beginning of a text that is not billed as more than `limit` tokens."""
    return text[: int(limit * CHARACTERS_PER_TOKEN)]
