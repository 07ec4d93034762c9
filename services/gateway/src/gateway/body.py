"""Refuses request bodies over 64 KB before anything parses them."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.problem import Refused

MAX_BODY_BYTES = 64 * 1024


def _too_large() -> Refused:
    return Refused("too-large", f"A body has {MAX_BODY_BYTES} bytes at most. Shorten the text.")


def _announced(scope: Scope) -> int:
    found = dict(scope["headers"]).get(b"content-length", b"0")
    return int(found) if found.isdigit() else 0


async def _whole(receive: Receive) -> bytes:
    """The body. Raises Refused as soon as it is too large."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise _too_large()
        if not message.get("more_body", False):
            return bytes(body)


class BodyCap:
    """ASGI middleware: reads a body up to the cap, and hands it on whole."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request whose body is small enough."""
        if scope["type"] != "http" or scope["method"] not in ("POST", "PUT", "PATCH"):
            await self._app(scope, receive, send)
            return
        try:
            if _announced(scope) > MAX_BODY_BYTES:
                raise _too_large()
            body = await _whole(receive)
        except Refused as refused:
            await refused.response()(scope, receive, send)
            return
        await self._app(scope, _replaying(body, receive), send)


def _replaying(body: bytes, receive: Receive) -> Receive:
    """A receive that gives the body first, and what the client does after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return replayed
