"""Typing mistakes, so that the model meets more of them than anybody wants to write down."""

import random

SHORTEST = 6


def slipped(text: str, dice: random.Random) -> str:
    """The text with one slip of the fingers; a very short one stays as it is."""
    if len(text) < SHORTEST:
        return text
    return dice.choice((_swap, _drop, _double, _bare))(text, dice)


def _swap(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _drop(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text))
    return text[:at] + text[at + 1 :]


def _double(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text))
    return text[:at] + text[at] + text[at:]


def _bare(text: str, dice: random.Random) -> str:
    """Without its end mark: many customers leave it out."""
    return text.rstrip("?!. ") or text
