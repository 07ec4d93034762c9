"""Turns that mean something only after the one before, where no rule and no option tells what.

Each of these is decided without the model: of a fragment it could only guess.
"""

import re

from classifier.choice import Choice
from classifier.history.fragment import OTHERS, UNNAMED, bare, kind_of
from classifier.history.frame import LEAD, OTHER
from classifier.history.other import other_of
from classifier.history.shown import USE_CASE, shown
from classifier.history.subject import ORDER_ID, firing
from classifier.history.wanted import fitting
from classifier.manifest import OUT_OF_SCOPE
from classifier.spelling import LONGEST, plain, spellings
from classifier.wording import consent
from events.context import Context
from events.decision import Evidence
from playbook.rule import first_match
from playbook.shop import Shop

NONE = re.compile(rf"{LEAD}(?:neither|none)\b", re.IGNORECASE)
BOTH = re.compile(rf"{LEAD}(?:both|all|each)\b", re.IGNORECASE)
STOP = re.compile(
    r"^(?:(?:ok|okay|no|just|please|oh|actually)[,. ]+)*(?:stop|cancel|abort|quit|exit)"
    r"(?:[, ]+(?:please|now|then|thanks))*\W*$",
    re.IGNORECASE,
)
NEVER_MIND = "never mind"
ASKED_LAST = re.compile(r"[^.!?\n]*\?[^?]{0,80}$")
CLOSING = re.compile(
    r"\b(?:anything|something) else\b|\bhelp you\b|\bhow (?:can|may) i\b", re.IGNORECASE
)
RESEND = re.compile(
    r"(?:^|[,.;!?] ?|\b(?:please|you|just|and) )(?:re-?send|(?:send|mail|e-?mail|try)"
    r"(?: (?:it|that|me|them|one|another))* (?:again|once more|anew))"
    r"(?: (?:it|that|please|then|now))*[ ?!.]*$",
    re.IGNORECASE,
)
MAILED = re.compile(
    r"\b(?:sent|mailed|e-?mailed)\b.{0,60}\be?-?mail\b|\be-?mailed\b", re.IGNORECASE
)


def followed(shop: Shop, context: Context, text: str) -> Choice | None:
    """The choice of a turn that goes on with the session, or None where it stands for itself."""
    if context.use_case in (None, OUT_OF_SCOPE) or len(text) > LONGEST:
        return None
    return (
        _put_plainly(shop, context, text)
        or _dropped(shop, context, text)
        or _unnamed(context, text)
        or _listed(shop, context, text)
        or _other(shop, context, text)
        or _goes_on(shop, context, text)
    )


def _put_plainly(shop: Shop, context: Context, text: str) -> Choice | None:
    """The rule of "it" that fires once slips are mended and words around it are gone."""
    for said in dict.fromkeys((plain(text.strip()), bare(text))):
        match = firing(shop, context, said) if said and said != text else None
        if match and match.rule.anaphoric:
            rule = match.rule
            why = f"the rule {rule.id} fires on what is meant: {said}"
            return Choice(
                Evidence.RULE, rule.use_case, why, rule.template, match.slots, rule_id=rule.id
            )
    return None


def _unnamed(context: Context, text: str) -> Choice | None:
    """An answer to the open question that tells no option: it goes back to who asked."""
    question = context.question
    if question is None or not question.options:
        return None
    said = next((one for one in spellings(text.strip()) if UNNAMED.match(one)), None)
    answer = consent(text)
    if said is None and (answer is None or question.slot == USE_CASE):
        return None
    if said and question.slot == USE_CASE and NONE.match(said):
        return None
    if answer == "yes" and len(question.options) == 1:
        slots = {question.slot: question.options[0].value}
        why = f"agrees to the only option: {question.options[0].value}"
        return Choice(Evidence.QUESTION, question.use_case, why, question.template, slots)
    all_asked = said and BOTH.match(said) and question.slot == ORDER_ID
    why = f"answers the open question for {question.slot} without telling which"
    slots = {"which": "all"} if all_asked else {}
    return Choice(Evidence.QUESTION, question.use_case, why, question.template, slots)


def _dropped(shop: Shop, context: Context, text: str) -> Choice | None:
    """A word that ends the open question: the same as "never mind"."""
    if context.question is None or not any(STOP.match(said) for said in spellings(text.strip())):
        return None
    match = first_match(shop.rules, NEVER_MIND, known=())
    if match is None:
        return None
    why = f"leaves the open question for {context.question.slot}"
    return Choice(Evidence.QUESTION, match.rule.use_case, why, match.rule.template, match.slots)


def _listed(shop: Shop, context: Context, text: str) -> Choice | None:
    """A place in the list that was shown last, though nothing was asked, or not with options."""
    found = shown(shop, context)
    slots = found.chosen(context, text) if found else None
    if found is None or slots is None:
        return None
    why = f"chooses from the list that was shown: {' '.join(slots.values())}"
    question = found.question
    return Choice(Evidence.QUESTION, question.use_case, why, question.template, slots)


def _other(shop: Shop, context: Context, text: str) -> Choice | None:
    """ "The other one" of two that were talked about."""
    if context.question or not any(OTHER.match(said) for said in spellings(text.strip())):
        return None
    slots = other_of(shop, context)
    if slots is None or context.use_case is None:
        return None
    why = f"means the other one that was talked about: {' '.join(slots.values())}"
    return Choice(Evidence.QUESTION, context.use_case, why, slots=slots)


def _goes_on(shop: Shop, context: Context, text: str) -> Choice | None:
    """A fragment that can only belong to the matter of the last turn."""
    what = next((found for said in spellings(text.strip()) if (found := kind_of(said))), None)
    if what is None and RESEND.search(text) and _mailed(context):
        what = "asks for the same mail again"
    if what is None and consent(text) and asks_back(context):
        what = "answers what was asked"
    if what is None or context.use_case is None:
        return None
    why = f"goes on with {context.use_case}: it {what}"
    slots = {} if what == OTHERS else fitting(shop, context)
    return Choice(Evidence.QUESTION, context.use_case, why, slots=slots)


def _mailed(context: Context) -> bool:
    return bool(context.recent) and MAILED.search(context.recent[-1].replied) is not None


def asks_back(context: Context) -> bool:
    """Whether the last reply ended with a question that was about its matter."""
    replied = context.recent[-1].replied if context.recent else ""
    asked = ASKED_LAST.search(replied)
    return asked is not None and CLOSING.search(asked.group()) is None
