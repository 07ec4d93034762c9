"""The answer to the session's open question."""

from collections.abc import Callable, Mapping

from classifier.choice import Choice
from classifier.history.frame import LEADING
from classifier.history.options import chosen
from events.context import Context
from events.decision import Evidence

Named = Callable[[str], Mapping[str, str]]


def _nothing(_: str) -> Mapping[str, str]:
    return {}


def answered(context: Context, text: str, named: Named = _nothing) -> Choice | None:
    """The choice of a turn that answers the session's open question.

    `named` finds what a text is and says nothing else of: a value that is no option answers too.
    """
    question = context.question
    if question is None:
        return None
    if option := chosen(question, context, text):
        slots = {question.slot: option.value}
    else:
        found = named(LEADING.sub("", text.strip()))
        slots = dict(found) if question.slot in found else {}
    if not slots:
        return None
    value = slots[question.slot]
    why = f"answers the open question for {question.slot}: {value}"
    if question.slot == "use_case":
        return Choice(Evidence.QUESTION, value, why, slots=dict(context.entities))
    return Choice(Evidence.QUESTION, question.use_case, why, question.template, slots)
