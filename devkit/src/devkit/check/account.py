"""What a check run writes down: turns sent, replies seen, effects, dead letters, offsets.

Every entry is one line of an append-only JSON Lines file, so that the books can be balanced again
from the files alone.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from events.reply import Reply, Status
from events.tier import Tier


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True)


class Expected(_Line):
    """What the answer to a turn must be. None leaves a point open.

    `mentions` is a word of the reply's text, such as the order number that was asked for.
    """

    status: Status | None = Status.COMPLETED
    reason: str | None = None
    use_case: str | None = None
    tier: Tier | None = None
    mentions: str | None = None


class Sending(_Line):
    """Written before a publish. `send` counts every publish of the run, re-sends included."""

    kind: Literal["sending"] = "sending"
    send: int
    session_id: str
    turn_id: str
    turn_no: int | None
    text: str
    at_ms: int
    expected: Expected = Expected()


class Acked(_Line):
    """Written after the broker's acknowledgement of a publish."""

    kind: Literal["acked"] = "acked"
    send: int
    partition: int
    offset: int
    at_ms: int


class Unsure(_Line):
    """Written when no acknowledgement came in time: stored or not, nobody knows."""

    kind: Literal["unsure"] = "unsure"
    send: int
    at_ms: int


class Poisoned(_Line):
    """A record published to be dead-lettered, or refused at the door (then it has no place).

    `reasons` are the codes that its one dead letter may carry.
    """

    kind: Literal["poisoned"] = "poisoned"
    name: str
    reasons: tuple[str, ...]
    partition: int | None
    offset: int | None
    at_ms: int


class Injected(_Line):
    """A fault was injected, and what was done.

    `within_s`: in this time every lane that stands still because of it gives answers again.
    """

    kind: Literal["injected"] = "injected"
    fault: int
    what: str
    at_ms: int
    within_s: float | None = None


class Complaint(_Line):
    """A fault's own promise that was not kept, found while it was injected."""

    kind: Literal["complaint"] = "complaint"
    fault: int
    what: str


Entry = Annotated[
    Sending | Acked | Unsure | Poisoned | Injected | Complaint, Field(discriminator="kind")
]


class Seen(_Line):
    """One record of `chat.egress` as it stood there; `broken` says why it is no reply."""

    partition: int
    offset: int
    timestamp_ms: int
    reply: Reply | None = None
    broken: str | None = None


class Effect(_Line):
    """One row that a turn left in Postgres."""

    session_id: str
    turn_id: str


class Dead(_Line):
    """One record of `chat.dlq`: where the original stood, and why it could not be processed."""

    topic: str
    partition: int
    offset: int
    reason: str
    detail: str = ""
    service: str = ""


class Sample(_Line):
    """A consumer group at one moment: records committed and records waiting, over its topic."""

    at_ms: int
    group: str
    committed: int
    lag: int
