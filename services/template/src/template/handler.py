"""Answers a turn from the playbook's templates. Pure: no dependency can be away."""

from events.context import Context, Flow, Question
from events.decision import Decision
from events.handoff import HANDOFF_FLOW
from events.reply import Reply, Source, Status
from events.turn import Turn
from template.desk import Desk
from worker.handler import Outcome, Rejected

REFUSALS = frozenset({"lost_context", "unavailable"})
ESCALATION = "escalation"
SUBJECTS = frozenset({"order_id", "series", "volume"})
"""Slots that the next turn may call "it"."""

ASKED = "asked"
"""The reason of a hand-off whose template names none: `escalation_legal` names `legal`."""


async def handle(turn: Turn, *, desk: Desk) -> Outcome:
    """The reply of the decision's template, else of its use case's.

    `policy` tells one policy or asks which; `clarify` asks which use case is meant; an
    escalation gives the session to a person. Raises Rejected for a turn without a decision.
    """
    if turn.decision is None:
        raise Rejected("invalid_event", "a routed turn carries a decision; this one has none")
    template = desk.template_of(turn.decision)
    if template == "policy":
        return _policy(turn, turn.decision, desk)
    if template == "clarify":
        return _clarify(turn, turn.decision, desk)
    if template in REFUSALS:
        return turn.reply(desk.say(template), status=Status.REFUSED, reason=template)
    if turn.decision.use_case == ESCALATION and not desk.is_fallback(turn.decision):
        return _forwarded(turn, template, desk)
    return turn.reply(desk.say(template), leaves=_left(turn, None))


def _forwarded(turn: Turn, template: str, desk: Desk) -> Reply:
    """The text first, then a person: until a release the bot keeps quiet.

    An open dialogue ends here. The packet for the desk carries the context with it, so a person
    sees how far it came; to go on with it after that person has left would be to ask again.
    """
    before = turn.context.flow
    held = before if before and before.name == HANDOFF_FLOW else None
    reason = template.partition(f"{ESCALATION}_")[2] or (held.data["reason"] if held else ASKED)
    data = {"opened_at": str(turn.asked_at), "reason": reason}
    flow = held or Flow(name=HANDOFF_FLOW, state="open", data=data)
    left = _left(turn, None).model_copy(update={"flow": flow})
    return turn.reply(desk.say(template), status=Status.FORWARDED, reason=reason, leaves=left)


def _policy(turn: Turn, decision: Decision, desk: Desk) -> Reply:
    policy = desk.policy(turn.slots.get("policy"), turn.text)
    if policy is None:
        return _which_policy(turn, decision, desk)
    source = Source(kind="policy", ref=policy.id, title=policy.title)
    text = desk.say("policy", text=policy.text, title=policy.title)
    return turn.reply(text, sources=(source,), leaves=_left(turn, None))


def _which_policy(turn: Turn, decision: Decision, desk: Desk) -> Reply:
    options, asks = desk.choices(turn.text), decision.use_case
    question = Question(use_case=asks, slot="policy", options=options, template="policy")
    return turn.reply(desk.say("policy_choice", options=options), leaves=_left(turn, question))


def _clarify(turn: Turn, decision: Decision, desk: Desk) -> Reply:
    names = [name.strip() for name in turn.slots.get("options", "").split(",")]
    options = desk.labelled(name for name in names if name)
    question = Question(use_case=decision.use_case, slot="use_case", options=options)
    return turn.reply(desk.say("clarify", options=options), leaves=_left(turn, question))


def _left(turn: Turn, question: Question | None) -> Context:
    """The context after the turn: the order or the book that it names was talked about."""
    use_case = turn.decision.use_case if turn.decision else turn.context.use_case
    named = {name: value for name, value in turn.slots.items() if name in SUBJECTS}
    other_book = "series" in named and named["series"] != turn.context.entities.get("series")
    kept = {
        name: value
        for name, value in turn.context.entities.items()
        if not (other_book and name == "volume")
    }
    update = {"use_case": use_case, "question": question, "entities": kept | named}
    return turn.context.model_copy(update=update)
