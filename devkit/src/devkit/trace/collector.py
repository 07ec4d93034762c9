"""A receiver of Zipkin JSON spans in this process, for tests that look at whole traces."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from devkit.stack.ports import LOOPBACK, free_ports
from worker.health import Server

PATH = "/api/v2/spans"
LOOK_S = 0.05
START_S = 10.0


@dataclass(frozen=True)
class Span:
    """One span as Zipkin's JSON has it; ids are lower-case hexadecimal digits."""

    trace_id: str
    span_id: str
    parent_id: str | None
    name: str
    kind: str | None
    service: str
    tags: Mapping[str, str]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "Span":
        """From one element of the posted list."""
        return cls(
            raw["traceId"],
            raw["id"],
            raw.get("parentId"),
            raw["name"],
            raw.get("kind"),
            raw.get("localEndpoint", {}).get("serviceName", ""),
            raw.get("tags", {}),
        )


@dataclass
class Collector:
    """The spans received so far, by trace."""

    endpoint: str
    traces: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))

    async def receive(self, request: Request) -> Response:
        """POST /api/v2/spans."""
        for raw in await request.json():
            span = Span.of(raw)
            self.traces[span.trace_id].append(span)
        return Response(status_code=202)

    async def until(
        self, trace_id: str, whole: Callable[[list[Span]], bool], within_s: float = 20.0
    ) -> list[Span]:
        """The spans of a trace once `whole` says so. Raises TimeoutError, with what came."""
        for _ in range(int(within_s / LOOK_S)):
            if whole(self.traces[trace_id]):
                return self.traces[trace_id]
            await asyncio.sleep(LOOK_S)
        names = sorted(f"{span.service}: {span.name}" for span in self.traces[trace_id])
        raise TimeoutError(f"trace {trace_id} is not whole after {within_s} s: {names}")


@asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    """A collector on a free loopback port, for as long as the block lasts."""
    (port,) = free_ports(1)
    collector = Collector(f"http://{LOOPBACK}:{port}{PATH}")
    routes = [Route(PATH, collector.receive, methods=["POST"])]
    config = uvicorn.Config(
        Starlette(routes=routes), host=LOOPBACK, port=port, log_level="error", lifespan="off"
    )
    server = Server(config)
    serving = asyncio.create_task(server.serve())
    try:
        await _started(server)
        yield collector
    finally:
        server.should_exit = True
        await serving


async def _started(server: uvicorn.Server) -> None:
    for _ in range(int(START_S / LOOK_S)):
        if server.started:
            return
        await asyncio.sleep(LOOK_S)
    raise TimeoutError(f"the collector did not start within {START_S} s")
