"""The connection to one client: writing, waiting while it is there, and breaking it off."""

import asyncio
import socket
import struct
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

TRANSPORT = "simulator.transport"
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Protocol(H11Protocol):
    """HTTP/1.1 that shows the application its transport, so that it can break a connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn
        """Every request of this connection finds the transport in its state."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, TRANSPORT: transport}


class Left(Exception):
    """The client went away."""


class Line:
    """One request's connection, for as long as the block lasts. Waiting and
    writing raise Left once the client is gone."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._gone = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._watch = asyncio.create_task(self._watching())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._watch is not None
        self._watch.cancel()
        await asyncio.wait((self._watch,))

    async def until(self, moment: float) -> None:
        """Wait for a time of the event loop's clock."""
        if moment > asyncio.get_running_loop().time():
            try:
                async with asyncio.timeout_at(moment):
                    await self._gone.wait()
            except TimeoutError:
                return
        self._check()

    async def hang(self) -> None:
        """Say nothing more. Returns when the client is gone."""
        await self._gone.wait()

    async def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """The head of the answer."""
        self._check()
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})

    async def write(self, body: bytes) -> None:
        """A part of the body."""
        self._check()
        await self._send({"type": "http.response.body", "body": body, "more_body": True})

    async def end(self) -> None:
        """The clean end of the body."""
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    def reset(self) -> None:
        """Reset the connection (RST): what the client has not read yet may be lost."""
        raw = self._transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        self._transport.abort()

    def close(self) -> None:
        """Close the connection (FIN) in the middle of the body."""
        self._transport.close()

    @property
    def _transport(self) -> asyncio.Transport:
        transport: asyncio.Transport = self._scope["state"][TRANSPORT]
        return transport

    async def _watching(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone.set()

    def _check(self) -> None:
        if self._gone.is_set():
            raise Left
