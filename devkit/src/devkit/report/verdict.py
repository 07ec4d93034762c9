"""What a router makes of a turn, whatever kind of router it is."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from classifier.doubt import CLARIFY, DEAREST
from classifier.manifest import OUT_OF_SCOPE
from events.context import Context
from events.decision import Decision
from events.tier import Tier


class Kind(StrEnum):
    """What happens to a turn.

    `answered`: by the tier of a use case below the large model. `big`: by the large model, because
    that is the use case's own tier or because the router asks nobody else. `escalated`: by the
    large model out of doubt. `clarified`: the customer is asked back. `refused`: told that this is
    not the shop's business.
    """

    ANSWERED = "answered"
    CLARIFIED = "clarified"
    ESCALATED = "escalated"
    REFUSED = "refused"
    BIG = "big"


@dataclass(frozen=True)
class Verdict:
    """One turn's way.

    `use_case` is None where the router does not choose one. `cost_usd` is the expected price by the
    playbook. `decision` is what the session remembers of it, for routers that look back.
    """

    use_case: str | None
    tier: Tier
    kind: Kind
    cost_usd: float
    decision: Decision | None = field(default=None, compare=False, repr=False)


class Contender(Protocol):
    """A router that is compared."""

    def decide(self, text: str, context: Context) -> Verdict:
        """What becomes of a turn in its session."""


def verdict_of(decision: Decision) -> Verdict:
    """A classifier's decision as a verdict."""
    return Verdict(
        decision.use_case, decision.tier, _kind(decision), decision.expected_cost_usd, decision
    )


def _kind(decision: Decision) -> Kind:
    if decision.template == CLARIFY:
        return Kind.CLARIFIED
    if decision.tier is Tier.LLM:
        doubtful = not DEAREST.isdisjoint(decision.overlays)
        return Kind.ESCALATED if doubtful else Kind.BIG
    return Kind.REFUSED if decision.use_case == OUT_OF_SCOPE else Kind.ANSWERED
