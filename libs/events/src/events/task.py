"""What a tier asks the models' tier to do with a turn."""

from enum import StrEnum


class Task(StrEnum):
    """The three kinds of work that reach a model.

    ANSWER: the big model answers freely, grounded in the findings. COMPOSE: the small model answers
    one question from the findings. WARM: the small model rewrites the fallback's text, facts
    untouched.
    """

    ANSWER = "answer"
    COMPOSE = "compose"
    WARM = "warm"
