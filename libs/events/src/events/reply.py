"""The terminal reply of a turn, as readers of `chat.egress` see it."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from events.context import Context
from events.decision import Decision
from events.identifier import SessionId, TurnId
from events.tier import Tier


class Status(StrEnum):
    """How a turn ended. Each is final."""

    COMPLETED = "completed"
    REFUSED = "refused"
    FORWARDED = "forwarded"
    FAILED = "failed"


class Source(BaseModel):
    """Where a fact in a reply comes from: `kind` is policy, order, return, stock or catalogue."""

    model_config = ConfigDict(frozen=True)

    kind: str
    ref: str
    title: str


class Usage(BaseModel):
    """What one model call cost. Tokens as billed; `cost_usd` by the playbook's dated prices.

    The provider bills four kinds apart: `input_tokens` are those neither read from its cache
    (`cached_tokens`) nor written to it (`cache_write_tokens`).
    """

    model_config = ConfigDict(frozen=True)

    model: str
    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    cost_usd: float
    simulated: bool


class Reply(BaseModel):
    """The answer to one turn: full text, never a part of it.

    `turn_no` is None where the turn was refused, or while no row could number it. `asked_at` is the
    broker's time stamp of the turn in milliseconds. `epoch` counts the owners that wrote the text
    (0 where no model did). `gap` marks a turn answered before its predecessor. `degraded` names
    what was away while it was answered, `reason` is a stable code for any status but completed.
    `leaves` is the context for the next turn: it travels between tiers and stays out of
    `chat.egress`.
    """

    model_config = ConfigDict(frozen=True)

    session_id: SessionId
    turn_id: TurnId
    turn_no: int | None = None
    status: Status
    text: str
    use_case: str | None = None
    tier: Tier | None = None
    asked_at: int
    reason: str | None = None
    sources: tuple[Source, ...] = ()
    usage: tuple[Usage, ...] = ()
    decision: Decision | None = None
    epoch: int = 0
    gap: bool = False
    degraded: tuple[str, ...] = ()
    leaves: Context | None = None

    def public(self) -> "Reply":
        """The reply as it may leave the system."""
        return self.model_copy(update={"leaves": None})
