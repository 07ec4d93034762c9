"""A session's turn rows, as the runtime sees them; `worker.rows` keeps them in Postgres."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from pydantic import ValidationError

from events.context import Context
from events.reply import Reply
from events.turn import Said, Turn
from telemetry import metrics
from telemetry.names import Attribute

log = logging.getLogger(__name__)

FROM_FRONTEND = {"text", "envelope"}
"""What a redelivered turn brings itself: not stored a second time."""


class State(StrEnum):
    """How far a turn is: route stored, reply stored, reply acknowledged by the broker."""

    ROUTED = "routed"
    ANSWERED = "answered"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Row:
    """One turn's row. `decision`, `reply` and `context` are JSON; None where not asked for."""

    turn_id: str
    turn_no: int
    state: str
    text_sha256: bytes | None = None
    decision: str | None = None
    reply: str | None = None
    context: str | None = None


@dataclass(frozen=True)
class Opening:
    """What the rows know when a turn arrives: its own row, and the newest others, newest first.

    `left` is the newest context that a turn of the session left, as JSON.
    """

    own: Row | None
    others: Sequence[Row]
    left: str | None = None

    @property
    def context(self) -> Context:
        """The context that the newest answered turn left; an empty one where it is unreadable."""
        try:
            return Context.model_validate_json(self.left) if self.left is not None else Context()
        except ValidationError as broken:
            # Of another release, perhaps. Only types and places: the values are customers' words.
            found = broken.errors(include_url=False, include_context=False, include_input=False)
            faults = [f"{item['type']} at {item['loc'][:2]}" for item in found[:3]]
            log.warning("a stored context is unreadable and taken as empty: %s", "; ".join(faults))
            metrics.degraded.add(1, {Attribute.DEGRADED: "stored_context"})
            return Context()

    @property
    def newest_no(self) -> int:
        """The highest turn number so far, 0 in a new session."""
        return self.others[0].turn_no if self.others else 0

    def ready_for(self, turn_no: int | None) -> bool:
        """Whether the predecessor's reply is published, so that this turn may go on."""
        if turn_no is None:
            return not self.others or self.others[0].state == State.PUBLISHED
        before = [row for row in self.others if row.turn_no == turn_no - 1]
        return turn_no == 1 or any(row.state == State.PUBLISHED for row in before)

    def overtakes(self, turn_no: int | None) -> bool:
        """Whether an earlier turn is still without a published reply, be it not the last one."""
        earlier = [row for row in self.others if turn_no is None or row.turn_no < turn_no]
        return any(row.state != State.PUBLISHED for row in earlier)

    def passed(self, turn_no: int | None) -> bool:
        """Whether a turn of this number or a later one has been here before."""
        return turn_no is not None and self.newest_no >= turn_no


class Rows(Protocol):
    """Reads and writes turn rows. Every method raises Unavailable when they cannot be reached."""

    async def open(self, said: Said) -> Opening:
        """Read the turn's own row and its session's newest others."""
        ...

    async def decide(self, turn: Turn) -> bool:
        """Store a routed turn before it is published; False when the turn has a row already."""
        ...

    async def finish(self, turn: Turn, reply: Reply) -> Reply:
        """Store a reply and the context it leaves; returns the reply that stands: the first."""
        ...

    async def published(self, turns: Sequence[tuple[str, str]]) -> None:
        """Mark replies as published: pairs of session id and turn id."""
        ...


def text_hash(text: str) -> bytes:
    """SHA-256 of the (masked) text: tells a redelivery from another text under the same id."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def stored_form(turn: Turn) -> str:
    """A routed turn as its row keeps it."""
    return turn.model_dump_json(exclude_none=True, exclude=FROM_FRONTEND)


def stored_route(said: Said, decision: str) -> Turn:
    """The routed turn as it was first published, from its row and the redelivered words."""
    return Turn.model_validate(json.loads(decision) | said.model_dump(include=FROM_FRONTEND))
