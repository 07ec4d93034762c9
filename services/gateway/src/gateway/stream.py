"""`GET /v1/sessions/{session_id}/events`: replies and previews as server-sent events."""

import logging
import random
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import SendTimeoutError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.hub import Event, Subscription
from gateway.parts import Parts, granted, parts
from gateway.problem import Refused, documented
from gateway.session import Grant
from gateway.window import Position

log = logging.getLogger(__name__)

HEARTBEAT_S = 15
SEND_TIMEOUT_S = 10.0
MAX_STREAMS = 32
RETRY_MS = 1_000
RETRY_SPREAD_MS = 3_000

router = APIRouter(tags=["events"])

Resume = Annotated[
    str | None, Header(description="The id of the last `reply` event received: go on after it.")
]


class EventStream(EventSourceResponse):
    """A stream that gives up a client which takes nothing for ten seconds."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the stream until it ends or its client is gone."""
        try:
            await super().__call__(scope, receive, send)
        except SendTimeoutError:
            log.info("a client took nothing for %s s: its stream was cut", SEND_TIMEOUT_S)


def _position(app: Parts, session_id: str, last: str | None) -> Position | None:
    """Where the client left off. None, meaning everything, for a position that is not known."""
    if not last:
        return None
    try:
        position = Position.parse(last)
    except ValueError as error:
        detail = f"{error}. Send the id of the last reply event, or leave the header out."
        raise Refused("bad-last-event-id", detail) from error
    same = position.partition == app.handover.ring.partition(session_id)
    return position if same and app.window.known(position) else None


def _subscription(app: Parts, session_id: str, position: Position | None) -> Subscription:
    kept = app.window.after(session_id, position)
    return Subscription([Event("reply", one.data, str(one.position)) for one in kept])


def _sent(event: Event) -> ServerSentEvent:
    return ServerSentEvent(event.data, event=event.name, id=event.id)


def _retry(spread_ms: int) -> ServerSentEvent:
    # Clients of a replica that stops must not all come back in the same moment.
    return ServerSentEvent(retry=RETRY_MS + random.randrange(spread_ms + 1))


async def _events(
    app: Parts, grant: Grant, position: Position | None
) -> AsyncIterator[ServerSentEvent]:
    """The session's events until the client is too slow, its token expires or the replica stops."""
    # Nothing is awaited between taking the backlog and listening: no reply falls in between.
    subscription = _subscription(app, grant.session_id, position)
    with app.hub.listening(grant.session_id, subscription):
        yield _retry(0)
        while event := await subscription.next(grant.expires_at):
            yield _sent(event)
    if subscription.too_slow:
        log.info("a client had too many events waiting: its stream was cut")
    yield _retry(RETRY_SPREAD_MS)


async def _handed_over(chunks: AsyncGenerator[bytes]) -> AsyncIterator[bytes]:
    async with aclosing(chunks):
        async for chunk in chunks:
            yield chunk
    yield b"\r\n" + _retry(RETRY_SPREAD_MS).encode()


async def _foreign(app: Parts, request: Request, session_id: str) -> Response:
    opened = await app.handover.open(request, session_id)
    if opened.status_code != 200:
        return await app.handover.whole(opened)
    return EventStream(
        _handed_over(app.handover.chunks(opened)), ping=0, send_timeout=SEND_TIMEOUT_S
    )


@router.get(
    "/v1/sessions/{session_id}/events",
    response_class=EventSourceResponse,
    responses={
        200: {"description": "`reply` (data: Answer, with id) and `preview` (data: Draft) events."},
        **documented(
            "bad-last-event-id",
            "not-authenticated",
            "no-such-session",
            "too-many-streams",
            "unavailable",
        ),
    },
)
async def events(
    request: Request,
    grant: Annotated[Grant, Depends(granted)],
    app: Annotated[Parts, Depends(parts)],
    last_event_id: Resume = None,
) -> Response:
    """The session's replies. Without `Last-Event-ID` those of the last five minutes come first."""
    if app.handover.foreign(grant.session_id):
        return await _foreign(app, request, grant.session_id)
    if why := app.unready:
        raise Refused("unavailable", f"Not ready: {why}. Try again.", retry_after_s=1)
    if app.hub.count(grant.session_id) >= MAX_STREAMS:
        detail = f"This session has {MAX_STREAMS} streams open. Close one of them first."
        raise Refused("too-many-streams", detail, retry_after_s=5)
    position = _position(app, grant.session_id, last_event_id)
    return EventStream(
        _events(app, grant, position),
        ping=HEARTBEAT_S,
        ping_message_factory=lambda: ServerSentEvent(comment="still here"),
        send_timeout=SEND_TIMEOUT_S,
    )
