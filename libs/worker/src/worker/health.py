"""Liveness and readiness over HTTP, on a port of its own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

Check = Callable[[], str | None]
"""Returns None when all is well, else what is wrong."""


class Server(uvicorn.Server):
    """Uvicorn inside a process that handles its own signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def _answering(check: Check) -> Callable[[Request], Awaitable[JSONResponse]]:
    # On the event loop, not in a thread: a loop that is blocked must not look well.
    async def answer(_: Request) -> JSONResponse:
        wrong = check()
        return JSONResponse({"ok": wrong is None, "why": wrong}, 503 if wrong else 200)

    return answer


@asynccontextmanager
async def health_server(host: str, port: int, *, live: Check, ready: Check) -> AsyncIterator[None]:
    """Serve /livez and /readyz while the context is open."""
    routes = [Route("/livez", _answering(live)), Route("/readyz", _answering(ready))]
    config = uvicorn.Config(
        Starlette(routes=routes), host=host, port=port, log_level="warning", lifespan="off"
    )
    server = Server(config)
    task = asyncio.create_task(server.serve(), name="health")
    try:
        yield
    finally:
        server.should_exit = True
        await task
