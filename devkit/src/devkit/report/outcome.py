"""What a verdict is worth on a labelled turn: the counts that every figure is made of."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields

from devkit.report.conversation import Turn
from devkit.report.verdict import Kind, Verdict
from events.tier import Tier

MODEL_FREE = frozenset({Tier.TEMPLATE, Tier.ORDER})
BIG_ERROR = 0.05
"""The assumed share of turns in scope that the large model gets wrong. Not measured: no large model
is asked here. It is the same for every router, and an option of the command."""


@dataclass(frozen=True)
class Outcome:
    """Counts of one turn, or their sums. `right` may be a fraction: an expectation."""

    turns: float = 0.0
    in_scope: float = 0.0
    cost_usd: float = 0.0
    story_usd: float = 0.0
    model_free_right: float = 0.0
    wrong: float = 0.0
    must_not: float = 0.0
    clarified: float = 0.0
    escalated: float = 0.0
    refused: float = 0.0
    large: float = 0.0
    right: float = 0.0

    @property
    def counts(self) -> tuple[float, ...]:
        """In the order of `COUNTS`."""
        return astuple(self)


COUNTS = tuple(one.name for one in fields(Outcome))


@dataclass(frozen=True)
class Judge:
    """Holds verdicts against labels. `story` is the reference case's price of each tier."""

    story: Mapping[Tier, float]
    big_error: float = BIG_ERROR

    def outcome(self, turn: Turn, verdict: Verdict) -> Outcome:
        """What becomes of one turn."""
        right = self.right(turn, verdict)
        return Outcome(
            turns=1.0,
            in_scope=float(turn.in_scope),
            cost_usd=verdict.cost_usd,
            story_usd=self.story[verdict.tier],
            model_free_right=right if verdict.tier in MODEL_FREE else 0.0,
            wrong=float(_wrong(turn, verdict)),
            must_not=float(_told(verdict) and verdict.use_case in turn.must_not),
            clarified=float(verdict.kind is Kind.CLARIFIED),
            escalated=float(verdict.kind is Kind.ESCALATED),
            refused=float(verdict.kind is Kind.REFUSED and _wrong_case(turn, verdict)),
            large=float(verdict.tier is Tier.LLM),
            right=right,
        )

    def right(self, turn: Turn, verdict: Verdict) -> float:
        """How probably the turn is answered right: 0 or 1 but where the large model answers."""
        if verdict.kind is Kind.CLARIFIED or (_told(verdict) and _wrong_case(turn, verdict)):
            return 0.0
        return 1.0 - self.big_error if verdict.tier is Tier.LLM and turn.in_scope else 1.0


def _told(verdict: Verdict) -> bool:
    """Whether the customer gets the answer of one use case, for better or worse.

    Not where the large model is asked out of doubt: it may find out what is wanted.
    """
    kinds = (Kind.ANSWERED, Kind.REFUSED, Kind.BIG)
    return verdict.kind in kinds and verdict.use_case is not None


def _wrong_case(turn: Turn, verdict: Verdict) -> bool:
    return verdict.use_case not in turn.accepts


def _wrong(turn: Turn, verdict: Verdict) -> bool:
    """Answered under a wrong use case. A turn told to be out of scope is counted as refused."""
    return verdict.kind is not Kind.REFUSED and _told(verdict) and _wrong_case(turn, verdict)
