"""What an open dialogue makes of a turn, before the session's question and the rules are asked."""

import re
from collections.abc import Callable, Mapping

from classifier.choice import Choice
from classifier.doubt import UNSURE, evidence
from classifier.history.answer import answered
from classifier.history.leaning import is_fragment, refers_back
from classifier.history.naming import says_no_more
from classifier.history.options import chosen
from classifier.history.subject import ORDER_ID
from classifier.limits import Limits
from classifier.manifest import OUT_OF_SCOPE
from classifier.model import Posterior
from classifier.wording import ASKS, asks, consent, is_social, leaves
from events.context import Context, Flow, Question
from events.decision import Evidence
from events.handoff import HANDOFF_FLOW
from playbook.rule import Match
from playbook.use_case import UseCase

ESCALATION = "escalation"
"""The use case of a session that a person has, and the one that no dialogue keeps from a customer.
"""

HANDED_OVER = "handed_over"
"""The template of a turn that a person answers."""

CANCEL = "cancel"
"""The slot that ends a dialogue, with the value `yes`."""

SAFETY = 80
"""Rules of this priority and above are heard in every dialogue: danger, fraud, an attack, a wish
for a person."""

LIFE = 100
"""Rules of this priority are answered even while a person has the conversation: no desk is always
staffed."""

LIKELIER = 0.5
"""Least final score of a matter that has no threshold: more likely than all others together."""

CLEARLY = 0.85
"""Final score that is enough to leave a dialogue aside, however high the matter's threshold."""

OUTSIDE = 0.6
"""Least probability of out of scope for leaving it aside."""

SMALL_TALK = "chitchat"

YES_NO = frozenset({"yes", "no"})
CONFIRMS = "_confirm"
"""How the slot of a question ends that wants nothing but yes or no."""

OTHER_ORDER = re.compile(r"\bother (?:order|parcel|package)\b", re.IGNORECASE)

FindSlots = Callable[[str], Mapping[str, str]]


def handed_over(context: Context, match: Match | None) -> Choice | None:
    """While a person has the conversation every turn is theirs, danger of life excepted."""
    if context.flow is None or context.flow.name != HANDOFF_FLOW:
        return None
    if match and match.rule.priority >= LIFE:
        return None
    why = "a person has this conversation"
    return Choice(Evidence.FLOW, ESCALATION, why, HANDED_OVER)


def dialogue(context: Context, use_cases: Mapping[str, UseCase]) -> Flow | None:
    """The session's open dialogue with a tier: its flow is named after the use case."""
    flow = context.flow
    return flow if flow and flow.name in use_cases else None


def said_in(
    flow: Flow, context: Context, text: str, match: Match | None, find_slots: FindSlots
) -> Choice | None:
    """What a turn says to the open dialogue, or None where only the model can tell.

    `match` is the first rule that fires without anything remembered.
    """
    if match and match.rule.priority >= SAFETY:
        return ruled(match)
    if leaves(text):
        return _goes_on(flow, "leaves the dialogue", {CANCEL: "yes"})
    if found := _answer(flow, context, text, find_slots):
        return found
    if match and _is_aside(flow, match, text):
        return ruled(match)
    if match or is_fragment(text):
        return _goes_on(flow, "goes on with the dialogue", match.slots if match else {})
    return None


def _is_aside(flow: Flow, match: Match, text: str) -> bool:
    """Whether a rule tells of another matter. A bare title ("Berserk 2") may be what the dialogue
    asked for."""
    asks = match.rule.titles is None or ASKS.search(text) is not None
    return match.rule.use_case != flow.name and asks


def ruled(match: Match) -> Choice:
    """The choice of a rule that fired."""
    rule = match.rule
    why = f"the rule {rule.id} fires"
    return Choice(Evidence.RULE, rule.use_case, why, rule.template, match.slots, rule_id=rule.id)


def judged(flow: Flow, text: str, posterior: Posterior, limits: Limits) -> Choice:
    """The model's choice where it is clearly of another mind, else the dialogue's.

    It must be sure of another use case, and the text must ask for something: what answers a
    dialogue ("it came too late", "Berserk 2") looks like other use cases by itself.
    """
    known = posterior.known
    found = evidence(posterior, known, limits)
    if known != flow.name and _elsewhere(known, text) and _clearly(known, posterior.score, limits):
        why = f"leaves the dialogue aside: the final score is {posterior.score:.0%}"
        unsure = () if limits.reached(known, posterior.score) else (UNSURE,)
        return Choice(Evidence.MODEL, known, why, overlays=unsure, **found)
    if posterior.out_of_scope >= OUTSIDE and asks(text) and not refers_back(text):
        why = f"leaves the dialogue aside: out of scope at {posterior.out_of_scope:.0%}"
        return Choice(Evidence.MODEL, OUT_OF_SCOPE, why, **found)
    return Choice(Evidence.FLOW, flow.name, _why(flow, "is taken as said to the dialogue"), **found)


def _elsewhere(known: str, text: str) -> bool:
    """Whether a text can be about this use case in the middle of a dialogue."""
    return known == ESCALATION or asks(text) or (known == SMALL_TALK and is_social(text))


def _clearly(known: str, score: float, limits: Limits) -> bool:
    """Whether a score tells that another matter is meant.

    That is a smaller claim than its threshold's, which a cheap answer needs: below that one the
    turn is answered as an unsure one.
    """
    least = limits.least(known)
    return score >= (LIKELIER if least is None else min(least, CLEARLY))


def _answer(flow: Flow, context: Context, text: str, find_slots: FindSlots) -> Choice | None:
    """The answer to the open question, be it the dialogue's own or another."""
    question = context.question
    if question is None or question.use_case != flow.name:
        return answered(context, text)
    value = _value(question, context, text, find_slots)
    if value is None:
        return None
    return _goes_on(flow, f"answers its question for {question.slot}", {question.slot: value})


def _value(question: Question, context: Context, text: str, find_slots: FindSlots) -> str | None:
    if _wants_consent(question):
        # Nothing else is consent: "no, the first one" counts the options, of which yes is one.
        return consent(text) or _labelled(question, text)
    if question.slot != ORDER_ID and OTHER_ORDER.search(text):
        # "Other" is a reason to send something back, too.
        return None
    if option := chosen(question, context, text):
        return option.value
    named = find_slots(text).get(question.slot)
    return named if named and says_no_more(text, named) else None


def _labelled(question: Question, text: str) -> str | None:
    """The value of the option whose label is the whole text, as a button sends it."""
    said = text.strip().lower()
    return next((one.value for one in question.options if one.label.lower() == said), None)


def _wants_consent(question: Question) -> bool:
    values = {option.value for option in question.options}
    return question.slot.endswith(CONFIRMS) or (bool(values) and values <= YES_NO)


def _goes_on(flow: Flow, what: str, slots: Mapping[str, str]) -> Choice:
    return Choice(Evidence.FLOW, flow.name, _why(flow, what), slots=dict(slots))


def _why(flow: Flow, what: str) -> str:
    return f"the dialogue {flow.name} is open ({flow.state}): the turn {what}"
