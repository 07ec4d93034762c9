"""`/v1/sessions/{session_id}/turns`: takes what a customer wrote, and gives the reply again."""

import re
import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from events.identifier import TurnId
from events.turn import MAX_TEXT_CHARACTERS, MAX_TURN_NO
from gateway.answer import Answer
from gateway.parts import Parts, granted, parts
from gateway.problem import Refused, documented
from gateway.rate import whole_seconds
from gateway.session import Grant
from gateway.span import serving
from telemetry.trace import current_trace_id

router = APIRouter(tags=["turns"])

UNFIT = re.compile("[\x00\ud800-\udfff]")
"""Characters that neither UTF-8 nor Postgres can hold."""

ROUTE = "/v1/sessions/{session_id}/turns"


class NewTurn(BaseModel):
    """What a customer wrote, up to 4,000 characters.

    Choose `turn_id` once a message and keep it when sending it again: it is answered once.
    `turn_no` counts the session's turns from 1; left out, the order of arrival counts.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    text: str
    turn_id: TurnId | None = None
    turn_no: int | None = Field(default=None, ge=1, le=MAX_TURN_NO)


class Taken(BaseModel):
    """The turn is stored and will be answered on the session's event stream."""

    session_id: str
    turn_id: str
    trace_id: str | None


def _check(text: str) -> None:
    """Raises Refused for text that cannot be a message."""
    if len(text) > MAX_TEXT_CHARACTERS:
        detail = f"The text has {len(text)} characters. Shorten it to {MAX_TEXT_CHARACTERS}."
        raise Refused("too-large", detail)
    if not text.strip():
        raise Refused("invalid", "text: write something, it is empty.")
    if UNFIT.search(text):
        raise Refused("invalid", "text: leave out the character U+0000 and lone surrogates.")


@router.post(
    ROUTE,
    status_code=202,
    responses=documented(
        "not-authenticated",
        "no-such-session",
        "too-large",
        "invalid",
        "rate-limited",
        "unavailable",
    ),
)
async def say(
    request: Request,
    new: NewTurn,
    grant: Annotated[Grant, Depends(granted)],
    app: Annotated[Parts, Depends(parts)],
) -> Taken:
    """Take one turn. 202 means that it is stored; its reply comes on the session's event stream."""
    with serving(request, ROUTE, 202):
        _check(new.text)
        if wait_s := app.rates.take(grant.session_id):
            detail = "This session sends too fast. Send the same turn_id again after Retry-After."
            raise Refused("rate-limited", detail, retry_after_s=whole_seconds(wait_s))
        turn_id = new.turn_id or uuid.uuid4().hex
        await app.publisher.publish(app.publisher.said(grant, turn_id, new.turn_no, new.text))
        trace_id = current_trace_id()
        return Taken(session_id=grant.session_id, turn_id=turn_id, trace_id=trace_id)


@router.get(
    ROUTE + "/{turn_id}",
    response_model=Answer,
    responses=documented("not-authenticated", "no-such-session", "no-reply", "unavailable"),
)
async def reply_to(
    request: Request,
    turn_id: str,
    grant: Annotated[Grant, Depends(granted)],
    app: Annotated[Parts, Depends(parts)],
) -> Response:
    """The reply to one turn, while it is among the replies of the last five minutes."""
    if app.handover.foreign(grant.session_id):
        return await app.handover.whole(await app.handover.open(request, grant.session_id))
    if not app.caught_up():
        raise Refused(
            "unavailable", "Replies are still being read back. Try again.", retry_after_s=1
        )
    if kept := app.window.get(grant.session_id, turn_id):
        return Response(kept.data, media_type="application/json")
    detail = (
        "There is no reply to this turn among those of the last minutes: it is not answered yet, "
        "or was long ago. Wait on the event stream, or send the turn again with the same turn_id."
    )
    raise Refused("no-reply", detail, retry_after_s=1)
