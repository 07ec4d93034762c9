"""The classifier's handler: every turn becomes a route, with the decision and the fallback."""

from classifier.decide import decision_of, first_tier
from classifier.desk import Desk
from events.reply import Status
from events.route import Route
from events.task import Task
from events.tier import Tier
from events.turn import Turn


async def handle(turn: Turn, *, desk: Desk) -> Route:
    """Decide a turn: open dialogue or question, rules, model, then the overlays.

    What the large model answers is routed to retrieval first, which finds the evidence; the
    decision's tier says who answers. The route's fallback is the use case's honest fallback
    template, so that whoever cannot answer has something true to say.
    """
    decision = decision_of(await desk.choice(turn), desk.shop, desk.controls)
    text = desk.fallback_text(decision.use_case)
    decided = turn.model_copy(update={"decision": decision})
    fallback = decided.reply(text, status=Status.FAILED, reason="unavailable", leaves=turn.context)
    tier = first_tier(decision, desk.shop)
    task = Task.ANSWER if tier is Tier.LLM else None
    return Route(tier=tier, decision=decision, fallback=fallback, task=task)
