"""Where the reader's judgement takes the place of what was chosen first."""

from dataclasses import replace

from classifier.choice import Choice
from classifier.doubt import CLARIFY, DEAREST, LANGUAGE, UNSURE, choose
from classifier.history.flow import CANCEL, HANDED_OVER, SAFETY
from classifier.history.shown import USE_CASE
from classifier.history.wanted import concerned, named
from classifier.limits import Limits
from classifier.model import Ask, Posterior
from classifier.reading.heard import heard
from classifier.reading.seen import Seen
from events.context import Context
from events.decision import Evidence
from playbook.shop import Shop

OUTVOTED = 0.3
"""Most that the reader may still give the first choice where it takes another."""


def may_be_outvoted(first: Choice, context: Context, text: str, shop: Shop) -> bool:
    """Whether a choice may be another one after what was said before.

    Safety is heard at once, and a rule that understood the turn by itself stands; one of "it", or
    of a thing and no more that was asked for ("PLM 771"), may mean something else here. A person's
    conversation is theirs, who takes an offered option or ends a dialogue has done so, and in
    another language the network cannot read.
    """
    if not context.recent or LANGUAGE in first.overlays or first.template == HANDED_OVER:
        return False
    if CANCEL in first.slots or _takes_option(first, context):
        return False
    rule = next((one for one in shop.rules if one.id == first.rule_id), None)
    if rule is None:
        return True
    return rule.priority < SAFETY and (rule.anaphoric or _may_answer(context, text, shop))


def _may_answer(context: Context, text: str, shop: Shop) -> bool:
    """Whether a turn is a thing and no more, after a reply that asked in a matter of such."""
    thing = named(shop, text)
    asked = "?" in context.recent[-1].replied
    return bool(thing) and asked and concerned(shop, context.use_case or "", thing)


def _takes_option(first: Choice, context: Context) -> bool:
    """Whether the turn answers the open question with one of its options."""
    question = context.question
    if question is None or first.by not in (Evidence.QUESTION, Evidence.FLOW):
        return False
    taken = first.use_case if question.slot == USE_CASE else first.slots.get(question.slot)
    return any(option.value == taken for option in question.options)


async def look(context: Context, text: str, first: Choice, ask: Ask) -> Seen:
    """Ask the network what the reader wants to know."""
    return Seen(context, text, await ask(text), await ask(heard(context, text)), first)


def reread(posterior: Posterior, first: Choice, limits: Limits) -> Choice:
    """The first choice, or what the reader's posterior says where that is clearly another.

    A use case that the reader was never taught stays: it is newer than the model.
    """
    given = dict(posterior.probabilities).get(first.use_case)
    if given is None:
        return first
    agrees = posterior.best == first.use_case or given > OUTVOTED
    if agrees and not _doubts(first):
        return first
    found = choose(posterior, limits)
    if agrees and found.use_case == first.use_case and not DEAREST.isdisjoint(found.overlays):
        return first
    return replace(found, why=f"{found.why}; read after what was said before")


def _doubts(first: Choice) -> bool:
    unsure = first.template == CLARIFY or UNSURE in first.overlays
    return first.by is Evidence.MODEL and unsure
