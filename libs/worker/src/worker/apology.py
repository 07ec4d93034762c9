"""What the customer hears when no handler answered: the fallback a route carries, or an apology."""

from collections.abc import Mapping

from events.reply import Reply, Status
from events.turn import Turn
from worker.retry import FallBack

Apologies = Mapping[str, str]
"""Texts by reason code; `bug` is the one for every reason that has none of its own."""


def apology(turn: Turn, apologies: Apologies, status: Status, reason: str) -> Reply:
    """A terminal reply that says sorry, and keeps the session's context as it was."""
    text = apologies.get(reason) or apologies["bug"]
    return turn.reply(text, status=status, reason=reason, leaves=turn.context)


def fallback(turn: Turn, apologies: Apologies, verdict: FallBack) -> Reply:
    """The reply the route carries for this case, marked; without one, an apology."""
    if turn.fallback is None:
        reply = apology(turn, apologies, Status.FAILED, verdict.reason)
    else:
        reply = turn.fallback
    marks = (*reply.degraded, verdict.degraded)
    return reply.model_copy(
        update={"degraded": marks, "tier": turn.path[-1] if turn.path else None}
    )
