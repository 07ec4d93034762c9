"""Binds a turn to what the session remembers: an open question, or the thing last talked about."""

import re

from rapidfuzz import fuzz, process, utils

from classifier.choice import Choice
from events.context import Context, Option, Question
from events.decision import Evidence

ORDINALS = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "fourth": 3,
    "4th": 3,
}
ORDINAL = re.compile(
    rf"^(?:no,? |yes,? )?(?:the )?({'|'.join(ORDINALS)}|last|former|latter)(?: one| order)?(?: please)?\W*$",
    re.IGNORECASE,
)
NUMBER = re.compile(r"^(?:number |no\.? ?|#)?([1-9])\W*$", re.IGNORECASE)
OTHER = re.compile(r"\b(?:other|another) (?:one|order)\b", re.IGNORECASE)
ANAPHORA = re.compile(
    r"^(?:and|but|what about|how about|also)\b|\b(?:it|its|it's|they|them|that|this|that one|the order)\b",
    re.IGNORECASE,
)
FRAGMENT = re.compile(
    r"^(?:yes|yeah|yep|no|nope|ok|okay|sure|the \w+ one|(?:and|what about|how about)\b.{1,60})\W*$",
    re.IGNORECASE,
)

SIMILAR = 82.0
"""Least similarity in percent of an answer to an option's label: above what a typo costs."""

LONGEST_ANSWER = 80


def _by_place(options: tuple[Option, ...], text: str) -> Option | None:
    if number := NUMBER.match(text):
        place = int(number[1]) - 1
    elif ordinal := ORDINAL.match(text):
        word = ordinal[1].lower()
        place = ORDINALS.get(word, 0 if word == "former" else len(options) - 1)
    else:
        return None
    return options[place] if place < len(options) else None


def _by_name(options: tuple[Option, ...], text: str) -> Option | None:
    labels = {at: f"{option.value} {option.label}" for at, option in enumerate(options)}
    found = process.extractOne(
        text, labels, scorer=fuzz.partial_token_set_ratio, processor=utils.default_process
    )
    close = process.extractOne(
        text, labels, scorer=fuzz.token_set_ratio, processor=utils.default_process
    )
    if found and close and close[1] >= SIMILAR and found[2] == close[2]:
        return options[close[2]]
    return None


def _by_value(options: tuple[Option, ...], text: str) -> Option | None:
    squeezed = re.sub(r"[^a-z0-9]", "", text.lower())
    return next((o for o in options if o.value.lower() == squeezed), None)


def _by_exclusion(options: tuple[Option, ...], context: Context, text: str) -> Option | None:
    """Of two options, "the other one" is the one not talked about."""
    if len(options) != 2 or not OTHER.search(text):
        return None
    known = set(context.entities.values())
    left = [option for option in options if option.value not in known]
    return left[0] if len(left) == 1 else None


def chosen(question: Question, context: Context, text: str) -> Option | None:
    """The option that a turn chooses, or None when it is no answer to the question."""
    text = text.strip()
    if not text or len(text) > LONGEST_ANSWER:
        return None
    return (
        _by_value(question.options, text)
        or _by_place(question.options, text)
        or _by_exclusion(question.options, context, text)
        or _by_name(question.options, text)
    )


def answered(context: Context, text: str) -> Choice | None:
    """The choice of a turn that answers the session's open question."""
    question = context.question
    option = chosen(question, context, text) if question else None
    if question is None or option is None:
        return None
    why = f"answers the open question for {question.slot}: {option.value}"
    if question.slot == "use_case":
        return Choice(Evidence.QUESTION, option.value, why, slots=dict(context.entities))
    slots = {question.slot: option.value}
    return Choice(Evidence.QUESTION, question.use_case, why, question.template, slots)


def refers_back(text: str) -> bool:
    """Whether a text may mean something said before ("and when does it arrive?")."""
    return bool(ANAPHORA.search(text))


def needs_context(text: str) -> bool:
    """Whether a text means nothing by itself ("the second one", "yes", "and volume 13?")."""
    text = text.strip()
    return bool(FRAGMENT.match(text) or ORDINAL.match(text) or NUMBER.match(text))
