"""When the model's choice for a turn is asked for once more, with the name of what is meant."""

import re

from classifier.choice import Choice
from classifier.doubt import CLARIFY, UNSURE
from classifier.history.elliptic import compares
from classifier.history.flow import SMALL_TALK
from classifier.history.fragment import bare
from classifier.history.pointing import Pointed
from classifier.history.wanted import SUGGESTS
from classifier.wording import asks, is_social

TAG = re.compile(r"\b(?:right|correct|isn'?t it|yeah|huh|innit)[ ?!.]*$", re.IGNORECASE)
"""What makes a question of a statement."""


def misses_hint(choice: Choice, one: Pointed, text: str) -> bool:
    """Whether the model takes a question about what is pointed at for a wish for another."""
    return choice.use_case == SUGGESTS and bool(one.slots) and not compares(text)


def is_doubtful(choice: Choice, text: str) -> bool:
    """Whether a model's choice is unsure, or takes a question for small talk."""
    if choice.use_case == SMALL_TALK and not is_social(bare(text)):
        return (
            asks(text)
            or asks(bare(text))
            or TAG.search(text) is not None
            or UNSURE in choice.overlays
        )
    return UNSURE in choice.overlays or choice.template == CLARIFY
