"""Hands a request for another replica's session over to that replica."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass

import httpx
from fastapi import Request
from starlette.responses import Response

from gateway.problem import Refused
from gateway.ring import Ring

log = logging.getLogger(__name__)

MARK = "tierwise-handed-over"
"""Header that names the replica which handed a request over: it is not handed over again."""

PASSED = ("authorization", "last-event-id", "accept", "traceparent", "tracestate")
TIMEOUT = httpx.Timeout(5.0, connect=1.0, read=40.0)
"""A stream speaks every 15 s, so that 40 s of silence means its replica is gone."""


def client() -> httpx.AsyncClient:
    """The client for peers. It ignores proxy settings: peers are neighbours."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=20)
    return httpx.AsyncClient(timeout=TIMEOUT, limits=limits, trust_env=False)


@dataclass(frozen=True)
class Handover:
    """Knows the peers. `closing` ends handed-over streams at shutdown."""

    ring: Ring
    peers: tuple[str, ...]
    http: httpx.AsyncClient
    closing: asyncio.Event

    def foreign(self, session_id: str) -> bool:
        """Whether another replica reads this session's replies."""
        return self.ring.owner(session_id) != self.ring.replica

    def _request(self, request: Request, session_id: str) -> httpx.Request:
        if MARK in request.headers:
            detail = "The replicas do not agree on who serves this session. Try again shortly."
            log.error("a handed-over session is not ours: are TIERWISE_PEERS the same everywhere?")
            raise Refused("unavailable", detail, retry_after_s=5)
        headers = {name: request.headers[name] for name in PASSED if name in request.headers}
        headers[MARK] = str(self.ring.replica)
        url = self.peers[self.ring.owner(session_id)].rstrip("/") + request.url.path
        return self.http.build_request("GET", url, headers=headers)

    async def open(self, request: Request, session_id: str) -> httpx.Response:
        """The owner's response, its body unread. Raises Refused when the owner is away."""
        try:
            return await self.http.send(self._request(request, session_id), stream=True)
        except httpx.HTTPError as error:
            log.warning("replica %s is away: %r", self.ring.owner(session_id), error)
            detail = "The replica that serves this session is away. Try again shortly."
            raise Refused("unavailable", detail, retry_after_s=1) from error

    async def whole(self, opened: httpx.Response) -> Response:
        """A short response, read to its end. Raises Refused when it breaks off."""
        try:
            body = await opened.aread()
        except httpx.HTTPError as error:
            detail = "The replica that serves this session broke off. Try again shortly."
            raise Refused("unavailable", detail, retry_after_s=1) from error
        finally:
            await opened.aclose()
        kept = ("content-type", "retry-after", "www-authenticate")
        headers = {name: opened.headers[name] for name in kept if name in opened.headers}
        return Response(body, status_code=opened.status_code, headers=headers)

    async def chunks(self, opened: httpx.Response) -> AsyncGenerator[bytes]:
        """A stream as it comes, until it breaks off or this replica closes."""
        arriving = opened.aiter_raw()
        try:
            while (chunk := await self._next(arriving)) is not None:
                yield chunk
        except httpx.HTTPError as error:
            log.info("a handed-over stream broke off: %r", error)
        finally:
            await opened.aclose()

    async def _next(self, arriving: AsyncIterator[bytes]) -> bytes | None:
        chunk = asyncio.ensure_future(anext(arriving, None))
        closing = asyncio.ensure_future(self.closing.wait())
        try:
            await asyncio.wait((chunk, closing), return_when=asyncio.FIRST_COMPLETED)
            return await chunk if chunk.done() else None
        finally:
            closing.cancel()
            if not chunk.done():
                chunk.cancel()
                await asyncio.wait((chunk,))
