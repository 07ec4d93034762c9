"""What the routes work with, and who is asking."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Header, Request

from gateway.customer import Customers
from gateway.handover import Handover
from gateway.hub import Hub
from gateway.problem import Refused
from gateway.publisher import Publisher
from gateway.rate import Rates
from gateway.session import Grant, Sessions
from gateway.window import Window


@dataclass(frozen=True)
class Parts:
    """The open resources of one replica. `caught_up` says whether egress is read back to now."""

    sessions: Sessions
    customers: Customers | None
    rates: Rates
    publisher: Publisher
    window: Window
    hub: Hub
    handover: Handover
    caught_up: Callable[[], bool]

    @property
    def unready(self) -> str | None:
        """Why this replica should not get requests, None when it should."""
        if self.hub.closing.is_set():
            return "stopping"
        if not self.caught_up():
            return "replies are being read back"
        return None if self.publisher.healthy else "the producer is being rebuilt"


def parts(request: Request) -> Parts:
    """The parts of the app a request came to."""
    return cast(Parts, request.app.state.parts)


Authorization = Annotated[str | None, Header(description="`Bearer <token>`")]


def bearer(authorization: str | None) -> str | None:
    """The token in an Authorization header, None without one. Raises Refused for another scheme."""
    if authorization is None:
        return None
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refused("not-authenticated", "Send the header `Authorization: Bearer <token>`.")
    return token.strip()


async def granted(
    session_id: str,
    app: Annotated[Parts, Depends(parts)],
    authorization: Authorization = None,
) -> Grant:
    """What the request's session token grants. Raises Refused."""
    token = bearer(authorization)
    if token is None:
        detail = "Send `Authorization: Bearer <token>` with the token of POST /v1/sessions."
        raise Refused("not-authenticated", detail)
    return app.sessions.check(token, session_id)
