"""Answers and refusals in the shape in which Qdrant writes them."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

Endpoint = Callable[[Request], Awaitable[Any]]


class Refused(Exception):
    """A request that cannot be carried out; `status` is the HTTP status."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def answering(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint whose result, or refusal, is put into Qdrant's envelope."""

    async def answer(request: Request) -> Response:
        started = time.perf_counter()
        try:
            result = await endpoint(request)
        except (Refused, ValueError) as wrong:
            return _refusal(wrong, time.perf_counter() - started)
        body = {"result": plain(result), "status": "ok", "time": time.perf_counter() - started}
        return JSONResponse(body)

    return answer


async def body(request: Request, shape: Any) -> Any:
    """The request's body as one of the client's own models. Raises Refused."""
    try:
        return TypeAdapter(shape).validate_json(await request.body())
    except ValidationError as wrong:
        raise Refused(
            400, f"the body does not fit: {wrong.errors(include_url=False)[0]}"
        ) from wrong


def plain(value: Any) -> Any:
    """A result as JSON knows it."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def _refusal(wrong: Exception, took_s: float) -> JSONResponse:
    status = wrong.status if isinstance(wrong, Refused) else _status(str(wrong))
    return JSONResponse({"status": {"error": str(wrong)}, "time": took_s}, status)


def _status(why: str) -> int:
    """Local mode raises ValueError for everything; what is not there is 404."""
    return 404 if "not found" in why else 400
