"""A customer's turn: what a frontend publishes, and what the system knows of it on its way."""

from pydantic import BaseModel, ConfigDict, Field

from events.context import Context
from events.decision import Decision
from events.identifier import SessionId, TurnId
from events.reply import Reply, Source, Status, Usage
from events.route import Finding, Route
from events.task import Task
from events.tier import Tier

MAX_TEXT_CHARACTERS = 4000
MAX_TURN_NO = 1_000_000
MAX_HOPS = 2


class BadRoute(ValueError):
    """A route that makes a third hop or returns to a tier the turn has been to."""


class Said(BaseModel):
    """What a frontend publishes to `chat.ingress`: the customer's words and who vouches for them.

    `turn_no` counts the session's turns from 1; left out, the order in the partition counts.
    `envelope` is the frontend's signature (`events.envelope`). Text over 4,000 characters decodes,
    and is refused with a reply.
    """

    model_config = ConfigDict(frozen=True)

    session_id: SessionId
    turn_id: TurnId
    turn_no: int | None = Field(default=None, ge=1, le=MAX_TURN_NO, strict=True)
    text: str = Field(min_length=1)
    envelope: str = Field(min_length=1, max_length=4096)


class Turn(Said):
    """The turn on its way from tier to tier: all a handler needs, so that tiers ask nobody.

    `asked_at` is the broker's time stamp in `chat.ingress`, in milliseconds: deadlines count from
    it. `context` is the session before this turn, `decision` the classifier's, `findings` and
    `fallback` what earlier tiers left, `path` the tiers routed to so far, `task` and `within_s`
    what the last route asks for.
    """

    # A session may go on past the highest number that a frontend may name.
    turn_no: int | None = Field(default=None, ge=1, le=2**31 - 1)
    asked_at: int
    context: Context = Context()
    decision: Decision | None = None
    findings: tuple[Finding, ...] = ()
    fallback: Reply | None = None
    path: tuple[Tier, ...] = ()
    task: Task | None = None
    within_s: float | None = None
    gap: bool = False
    degraded: tuple[str, ...] = ()

    @property
    def slots(self) -> dict[str, str]:
        """What the decision found in the text (an order id, a policy): claims, never identity."""
        return self.decision.slots if self.decision else {}

    def routed(self, route: Route) -> "Turn":
        """This turn as the next tier receives it.

        Raises BadRoute on a third hop or a way back.
        """
        if route.tier in self.path or len(self.path) >= MAX_HOPS:
            raise BadRoute(f"{' > '.join(self.path) or 'classifier'} may not route to {route.tier}")
        return self.model_copy(
            update={
                "decision": route.decision,
                "findings": (*self.findings, *route.findings),
                "fallback": route.fallback,
                "path": (*self.path, route.tier),
                "task": route.task,
                "within_s": route.within_s,
            }
        )

    def reply(
        self,
        text: str,
        *,
        status: Status = Status.COMPLETED,
        reason: str | None = None,
        sources: tuple[Source, ...] = (),
        usage: tuple[Usage, ...] = (),
        leaves: Context | None = None,
        degraded: tuple[str, ...] = (),
        epoch: int = 0,
    ) -> Reply:
        """A terminal reply to this turn. Without `leaves` the session forgets its open question."""
        left = leaves or self.context.model_copy(update={"question": None})
        return Reply(
            session_id=self.session_id,
            turn_id=self.turn_id,
            turn_no=self.turn_no,
            status=status,
            text=text,
            use_case=self.decision.use_case if self.decision else None,
            tier=self.path[-1] if self.path else None,
            asked_at=self.asked_at,
            reason=reason,
            sources=sources,
            usage=usage,
            decision=self.decision,
            epoch=epoch,
            gap=self.gap,
            degraded=(*self.degraded, *degraded),
            leaves=left,
        )
