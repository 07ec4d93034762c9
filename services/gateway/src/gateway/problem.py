"""Errors as problem details (RFC 9457), each saying what to do."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"

TITLES: dict[str, tuple[int, str]] = {
    "not-authenticated": (401, "Not authenticated"),
    "bad-customer-token": (401, "The customer token is not valid"),
    "no-such-session": (404, "No such session"),
    "no-reply": (404, "No reply to this turn"),
    "too-large": (413, "Too large"),
    "invalid": (422, "Not valid"),
    "bad-last-event-id": (400, "Last-Event-ID is not valid"),
    "rate-limited": (429, "Too many turns"),
    "too-many-streams": (429, "Too many streams"),
    "unavailable": (503, "Unavailable"),
}
"""Every problem's code, its HTTP status and title. Its type is `urn:tierwise:problem:<code>`."""


class Problem(BaseModel):
    """The body of every error. `detail` says what to do; `type` is stable and made for programs."""

    type: str
    title: str
    status: int
    detail: str


class Refused(Exception):
    """Answers the request with a problem. `code` is one of TITLES, `retry_after_s` a header."""

    def __init__(self, code: str, detail: str, *, retry_after_s: int | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.retry_after_s = retry_after_s

    def response(self) -> Response:
        """The HTTP answer."""
        status, title = TITLES[self.code]
        headers: dict[str, str] = {}
        if self.retry_after_s is not None:
            headers["Retry-After"] = str(self.retry_after_s)
        if status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return _response(f"urn:tierwise:problem:{self.code}", title, status, self.detail, headers)


def _response(
    kind: str, title: str, status: int, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    problem = Problem(type=kind, title=title, status=status, detail=detail)
    return JSONResponse(
        problem.model_dump(), status_code=status, headers=headers, media_type=MEDIA_TYPE
    )


def documented(*codes: str) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer with these problems."""
    shown: dict[int | str, dict[str, Any]] = {}
    for code in codes:
        status, title = TITLES[code]
        before = shown.get(status, {}).get("description")
        text = f"{title} (`{code}`)"
        shown[status] = {
            "model": Problem,
            "description": f"{before}; {text}" if before else text,
        }
    return shown


def _explained(error: RequestValidationError) -> str:
    # The input is left out on purpose: it may hold what a customer wrote.
    parts = []
    for item in error.errors():
        where = ".".join(str(part) for part in item["loc"] if part != "body") or "body"
        parts.append(f"{where}: {item['msg']}")
    return "; ".join(parts)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return error.response()


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return Refused(
        "invalid", f"Correct the request and send it again: {_explained(error)}"
    ).response()


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = f"{error.detail}. The paths and methods are listed at /openapi.json."
    return _response("about:blank", error.detail, error.status_code, detail, error.headers)


async def _bug(request: Request, error: Exception) -> Response:
    detail = "The gateway failed; the fault is logged. Sending the same turn_id again is safe."
    return _response("about:blank", "Internal error", 500, detail)


def install(app: FastAPI) -> None:
    """Make every error of the app a problem."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _bug)
