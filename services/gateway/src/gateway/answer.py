"""A reply as a chat client sees it: without costs and without the decision record."""

from pydantic import BaseModel, ConfigDict

from events.preview import Preview
from events.reply import Reply, Source, Status
from events.tier import Tier


class Answer(BaseModel):
    """The data of a `reply` event: the one final answer to a turn.

    `gap` says it was answered before the turn preceding it, `degraded` what was away meanwhile,
    `reason` is a stable code for any status but completed. `simulated` says that a model simulator
    took part in it. `text` is empty while a person has the conversation.
    """

    model_config = ConfigDict(frozen=True)

    session_id: str
    turn_id: str
    turn_no: int | None
    status: Status
    text: str
    use_case: str | None
    tier: Tier | None
    sources: tuple[Source, ...]
    gap: bool
    degraded: tuple[str, ...]
    reason: str | None
    simulated: bool
    trace_id: str | None


class Draft(BaseModel):
    """The data of a `preview` event: all of the turn's text so far, replacing what was shown."""

    model_config = ConfigDict(frozen=True)

    session_id: str
    turn_id: str
    epoch: int
    text: str


def answer(reply: Reply, trace_id: str | None) -> Answer:
    """What of a reply leaves the system towards a client."""
    return Answer(
        session_id=reply.session_id,
        turn_id=reply.turn_id,
        turn_no=reply.turn_no,
        status=reply.status,
        text=reply.text,
        use_case=reply.use_case,
        tier=reply.tier,
        sources=reply.sources,
        gap=reply.gap,
        degraded=reply.degraded,
        reason=reply.reason,
        simulated=any(usage.simulated for usage in reply.usage),
        trace_id=trace_id,
    )


def draft(preview: Preview, sentences: list[str]) -> Draft:
    """The pieces to show now, as one text: each brings its own white space."""
    return Draft(
        session_id=preview.session_id,
        turn_id=preview.turn_id,
        epoch=preview.epoch,
        text="".join(sentences),
    )
