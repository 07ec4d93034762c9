"""The routes. Bodies are parsed and answers are written with the client's own REST models."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel, ValidationError
from qdrant_client import QdrantClient
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from devkit.qdrant.calls import CALLS, Call, Collections

VERSION = "1.20.0"
"""The server version whose interface this is a part of: the client compares it with its own."""

Endpoint = Callable[[Request], Awaitable[Response]]


def create_app(local: QdrantClient) -> Starlette:
    """Serve one local client; its calls take turns, for it is not made for threads."""
    collections = Collections(local)
    routes = [
        Route(call.path, _endpoint(call, collections), methods=[call.method]) for call in CALLS
    ]
    plain = [Route("/", _version), Route("/healthz", _well), Route("/readyz", _well)]
    return Starlette(routes=[*plain, *routes])


def _endpoint(call: Call, collections: Collections) -> Endpoint:
    async def serve(request: Request) -> Response:
        started = time.perf_counter()
        try:
            body = call.body(await request.body())
            result = await run_in_threadpool(collections.run, call, request.path_params, body)
        except ValidationError as wrong:
            return _refused(400, f"Format error in JSON body: {wrong}")
        except (ValueError, KeyError) as missing:
            return _refused(404, f"Not found: {missing}")
        answer = {"result": _plain(result), "status": "ok", "time": time.perf_counter() - started}
        return JSONResponse(answer)

    return serve


def _plain(result: object) -> Any:
    if isinstance(result, BaseModel):
        return result.model_dump(mode="json")
    return [_plain(one) for one in result] if isinstance(result, list) else result


def _refused(status: int, why: str) -> Response:
    return JSONResponse({"status": {"error": why}, "time": 0.0}, status_code=status)


async def _version(request: Request) -> Response:
    return JSONResponse({"title": "qdrant - vector search engine", "version": VERSION})


async def _well(request: Request) -> Response:
    return PlainTextResponse("ok")
