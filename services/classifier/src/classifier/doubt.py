"""From a posterior to a choice: one certainty and three different doubts.

Sure of one use case: it answers. Surely none of them: out of scope. Between two known ones: a
clarifying question. Known or not, but unsure otherwise: a dearer tier, which here means the large
model.
"""

from dataclasses import replace
from typing import TypedDict

from classifier.choice import Choice
from classifier.limits import Limits
from classifier.manifest import OUT_OF_SCOPE
from classifier.model import Posterior
from events.decision import Candidate, Evidence

TOP_K = 3
CLARIFY = "clarify"

PAIR_MASS = 0.75
"""Least probability of the best two known use cases together for a question between them."""

RUNNER_UP = 0.15
"""Least probability of the second one: below it, a question would offer what nobody meant."""

FAR = 0.9
"""From here on a turn in another language counts as out of scope: so 32 of 100 such turns, 87 in
scope, got an accepted use case where 24 had; of 100 others, 96 in scope, 32 where 17 had."""

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
    score: float
    threshold: float | None
    model_version: str


def choose(posterior: Posterior, limits: Limits) -> Choice:
    """What the model's posterior says about a turn."""
    known, score = posterior.known, posterior.score
    found = evidence(posterior, known, limits)
    if limits.reached(known, score):
        why = f"the final score is {score:.0%}, at least {limits.least(known):.0%} asked"
        return Choice(Evidence.MODEL, known, why, **found)
    if limits.reached(OUT_OF_SCOPE, posterior.out_of_scope):
        why = f"far from every use case: out of scope at {posterior.out_of_scope:.0%}"
        return Choice(Evidence.MODEL, OUT_OF_SCOPE, why, **found)
    if pair := _pair(posterior):
        return _between(pair, posterior, limits, found)
    likely = known if score >= posterior.out_of_scope else OUT_OF_SCOPE
    why = f"{likely} is likeliest, but {_short(likely, limits)} for a cheap answer: a dearer tier"
    return Choice(Evidence.MODEL, likely, why, overlays=(UNSURE,), **found)


def _short(likely: str, limits: Limits) -> str:
    """What is missing: certainty, or a threshold, without which no certainty is enough."""
    return "not sure enough" if limits.least(likely) else "only rules may choose it"


def in_another_language(choice: Choice) -> Choice:
    """The model's choice for a turn that it was not trained for."""
    likely = _guess(choice)
    why = f"in another language than the playbook's: {likely} is a guess"
    found = replace(choice, use_case=likely, why=why, template=None, slots={})
    return replace(found, overlays=(LANGUAGE,))


def _guess(choice: Choice) -> str:
    """What is in another language looks out of scope to the model, whatever it is about."""
    if choice.use_case != OUT_OF_SCOPE or (choice.out_of_scope or 0.0) >= FAR:
        return choice.use_case
    known = (one.use_case for one in choice.candidates if one.use_case != OUT_OF_SCOPE)
    return next(known, OUT_OF_SCOPE)


def evidence(posterior: Posterior, asked: str, limits: Limits) -> Fields:
    """What goes into the record of every choice for which the model was asked.

    `asked` is the use case whose threshold counts.
    """
    top = posterior.probabilities[:TOP_K]
    return {
        "candidates": tuple(Candidate(use_case=name, probability=round(p, 4)) for name, p in top),
        "entropy_bits": round(posterior.entropy_bits, 3),
        "out_of_scope": round(posterior.out_of_scope, 4),
        "score": round(posterior.score, 4),
        "threshold": limits.least(asked),
        "model_version": limits.version,
    }


def _pair(posterior: Posterior) -> tuple[str, str] | None:
    """The two known use cases between which one question decides, if there are such two."""
    (first, p1), (second, p2) = posterior.probabilities[:2]
    if OUT_OF_SCOPE in (first, second) or p1 + p2 < PAIR_MASS or p2 < RUNNER_UP:
        return None
    return first, second


def _between(pair: tuple[str, str], posterior: Posterior, limits: Limits, found: Fields) -> Choice:
    """One question, but where both have one answer: then there is nothing to decide."""
    either = posterior.score + posterior.rival
    if limits.one_answer(*pair) and limits.reached(pair[0], either):
        why = f"{pair[0]} or {pair[1]} at {either:.0%}, and both have one answer"
        return Choice(Evidence.MODEL, pair[0], why, **found)
    why = f"between {pair[0]} and {pair[1]}: one question decides"
    slots = {"options": ",".join(pair)}
    return Choice(Evidence.MODEL, pair[0], why, template=CLARIFY, slots=slots, **found)


def options_of(choice: Choice) -> str:
    """The known use cases among the candidates, as the clarifying template takes them; or ""."""
    known = [c.use_case for c in choice.candidates if c.use_case != OUT_OF_SCOPE]
    return ",".join(known[:TOP_K]) if len(known) > 1 else ""
