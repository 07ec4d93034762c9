"""What a check run writes down: turns sent, replies seen, effects, dead letters, offsets.

Every entry is one line of an append-only JSON Lines file, so that the books can be balanced again
from the files alone.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from events.preview import Preview
from events.reply import Reply, Status
from events.tier import Tier
from playbook.model import BreakerSpec, ModelSpec


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True)


class Expected(_Line):
    """What the answer to a turn must be. None leaves a point open.

    `mentions` is a word of the reply's text, such as the order number that was asked for. A turn
    that `follows` means this only where all earlier turns of its session were answered as
    expected. `opens`: it confirms a return, and leaves one in the database.
    """

    status: Status | None = Status.COMPLETED
    reason: str | None = None
    use_case: str | None = None
    tier: Tier | None = None
    mentions: str | None = None
    follows: bool = False
    opens: bool = False


class Running(_Line):
    """Written at the start: which groups consume, and by what the models are called.

    `cap_usd` is what a session may cost, None where no model is called.
    """

    kind: Literal["running"] = "running"
    groups: tuple[str, ...]
    cap_usd: float | None = None
    models: dict[str, ModelSpec] = {}
    breaker: BreakerSpec | None = None


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
    `takes`: what it takes away, by the marks that replies then carry (`model` for `model:sonnet`).
    """

    kind: Literal["injected"] = "injected"
    fault: int
    what: str
    at_ms: int
    within_s: float | None = None
    takes: tuple[str, ...] = ()


class Healed(_Line):
    """What a fault took away is there again."""

    kind: Literal["healed"] = "healed"
    fault: int
    at_ms: int


class Measured(_Line):
    """A figure that a fault measured while it was injected: reported, not judged."""

    kind: Literal["measured"] = "measured"
    fault: int
    what: str
    value: float
    unit: str


class Complaint(_Line):
    """A fault's own promise that was not kept, found while it was injected."""

    kind: Literal["complaint"] = "complaint"
    fault: int
    what: str


Entry = Annotated[
    Running | Sending | Acked | Unsure | Poisoned | Injected | Healed | Measured | Complaint,
    Field(discriminator="kind"),
]


class Seen(_Line):
    """One record of `chat.egress` as it stood there; `broken` says why it is no reply."""

    partition: int
    offset: int
    timestamp_ms: int
    reply: Reply | None = None
    broken: str | None = None


class Piece(_Line):
    """One record of `chat.stream` as it stood there; `broken` says why it is no preview."""

    partition: int
    offset: int
    timestamp_ms: int
    preview: Preview | None = None
    broken: str | None = None


class Packet(_Line):
    """One record of `chat.handoff`: whose conversation a person was given."""

    partition: int
    offset: int
    session_id: str
    turn_id: str
    step: str


class Effect(_Line):
    """One row that a turn left in Postgres."""

    session_id: str
    turn_id: str


class Return(_Line):
    """One return that a turn opened: its label and the lines of the order that go with it."""

    session_id: str
    turn_id: str
    label_no: str
    order_id: str
    lines: tuple[int, ...]


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
