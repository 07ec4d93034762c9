"""What the customer hears when no handler answered: the fallback a route carries, or an apology."""

from collections.abc import Mapping

from events.envelope import REASONS
from events.reply import Reply, Status
from events.turn import Turn
from worker.retry import FallBack

Apologies = Mapping[str, str]
"""Texts by reason code. `bad_envelope` stands for every reason of an envelope, `rejected` for what
is refused and has no text of its own, `bug` for all else."""


def _text(apologies: Apologies, status: Status, reason: str) -> str:
    kind = "bad_envelope" if reason in REASONS else reason
    rest = "rejected" if status is Status.REFUSED else "bug"
    return apologies.get(kind) or apologies.get(rest) or apologies["bug"]


def apology(turn: Turn, apologies: Apologies, status: Status, reason: str) -> Reply:
    """A terminal reply that says sorry, and keeps the session's context as it was."""
    text = _text(apologies, status, reason)
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


def buried(turn: Turn, apologies: Apologies, status: Status, reason: str) -> Reply:
    """What stands for a dead-lettered turn: an answer an earlier tier gave, or an apology.

    A tier before this one may have had an effect and told so in the fallback: to say that something
    went wrong would be false.
    """
    before = turn.fallback
    if status is Status.FAILED and before is not None and before.status is Status.COMPLETED:
        return fallback(turn, apologies, FallBack(reason, reason))
    return apology(turn, apologies, status, reason)
