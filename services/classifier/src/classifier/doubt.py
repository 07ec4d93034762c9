"""From a posterior to a choice: one certainty and three different doubts.

Sure of one use case: it answers. Between two known ones: a clarifying question. Far from all: out
of scope. Known but unsure otherwise: a dearer tier, which here means the large model.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypedDict

from classifier.choice import Choice
from classifier.manifest import OUT_OF_SCOPE
from classifier.model import Posterior
from events.decision import Candidate, Evidence
from playbook.use_case import UseCase

TOP_K = 3
CLARIFY = "clarify"

PAIR_MASS = 0.75
"""Least probability of the best two known use cases together for a question between them."""

RUNNER_UP = 0.15
"""Least probability of the second one: below it, a question would offer what nobody meant."""

LEAST = 0.80
"""Least probability of a use case for which the playbook names none of its own."""

UNSURE = "unsure"
"""The overlay that sends a known but unsure turn to a dearer tier."""

LANGUAGE = "language"
"""The overlay that sends a turn in another language than the playbook's there: the model's
probabilities and the templates' words are for that one alone."""

DEAREST = frozenset({UNSURE, LANGUAGE})
"""Overlays of a choice that is the large model's, whatever its use case."""


class Fields(TypedDict):
    """What the model found, as the fields of a choice."""

    candidates: tuple[Candidate, ...]
    entropy_bits: float
    out_of_scope: float
    threshold: float
    model_version: str


def choose(posterior: Posterior, use_cases: Mapping[str, UseCase], model_version: str) -> Choice:
    """What the model's posterior says about a turn."""
    best, probability = posterior.probabilities[0]
    threshold = least(use_cases[best])
    found = evidence(posterior, threshold, model_version)
    if sure(posterior, threshold):
        why = f"the model is {probability:.0%} sure, at least {threshold:.0%} asked"
        return Choice(Evidence.MODEL, best, why, **found)
    if pair := _pair(posterior):
        return _question(pair, found)
    if best == OUT_OF_SCOPE or posterior.out_of_scope >= probability / 2:
        why = f"far from every use case: out of scope at {posterior.out_of_scope:.0%}"
        return Choice(Evidence.MODEL, OUT_OF_SCOPE, why, **found)
    why = f"{best} is likeliest but {probability:.0%} is below {threshold:.0%}: a dearer tier"
    return Choice(Evidence.MODEL, best, why, overlays=(UNSURE,), **found)


def in_another_language(choice: Choice) -> Choice:
    """The model's choice for a turn that it was not trained for."""
    why = f"in another language than the playbook's: {choice.use_case} is a guess"
    return replace(choice, why=why, template=None, slots={}, overlays=(LANGUAGE,))


def least(use_case: UseCase) -> float:
    """The least probability at which a use case answers without a rule."""
    return LEAST if use_case.threshold is None else use_case.threshold


def sure(posterior: Posterior, threshold: float) -> bool:
    """Whether the best label reaches its use case's threshold."""
    return posterior.probabilities[0][1] >= threshold


def evidence(posterior: Posterior, threshold: float, version: str) -> Fields:
    """What goes into the record of every choice for which the model was asked."""
    top = posterior.probabilities[:TOP_K]
    return {
        "candidates": tuple(Candidate(use_case=name, probability=round(p, 4)) for name, p in top),
        "entropy_bits": round(posterior.entropy_bits, 3),
        "out_of_scope": round(posterior.out_of_scope, 4),
        "threshold": threshold,
        "model_version": version,
    }


def _pair(posterior: Posterior) -> tuple[str, str] | None:
    """The two known use cases between which one question decides, if there are such two."""
    (first, p1), (second, p2) = posterior.probabilities[:2]
    if OUT_OF_SCOPE in (first, second) or p1 + p2 < PAIR_MASS or p2 < RUNNER_UP:
        return None
    return first, second


def _question(pair: tuple[str, str], found: Fields) -> Choice:
    why = f"between {pair[0]} and {pair[1]}: one question decides"
    slots = {"options": ",".join(pair)}
    return Choice(Evidence.MODEL, pair[0], why, template=CLARIFY, slots=slots, **found)


def options_of(choice: Choice) -> str:
    """The known use cases among the candidates, as the clarifying template takes them; or ""."""
    known = [c.use_case for c in choice.candidates if c.use_case != OUT_OF_SCOPE]
    return ",".join(known[:TOP_K]) if len(known) > 1 else ""
