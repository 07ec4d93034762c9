"""The classifier's handler: every turn becomes a route, with the decision and the fallback."""

from classifier.decide import decision_of
from classifier.desk import Desk
from events.reply import Status
from events.route import Route
from events.turn import Turn


async def handle(turn: Turn, *, desk: Desk) -> Route:
    """Decide a turn: open question, rules, model, then the overlays.

    The route's fallback is the use case's honest fallback template, so that whoever cannot answer
    has something true to say.
    """
    decision = decision_of(await desk.choice(turn), desk.shop)
    text = desk.fallback_text(decision.use_case)
    decided = turn.model_copy(update={"decision": decision})
    fallback = decided.reply(text, status=Status.FAILED, reason="unavailable", leaves=turn.context)
    return Route(tier=decision.tier, decision=decision, fallback=fallback)
