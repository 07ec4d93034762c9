"""A request that is answered with an error, as the provider words and types it."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse

OVERLOADED = {"type": "overloaded_error", "message": "Overloaded"}


class Refusal(Exception):
    """Status, type and message of an error answer; `code` names a cause that has a stable name."""

    def __init__(
        self,
        status: int,
        kind: str,
        message: str,
        headers: Mapping[str, str] | None = None,
        *,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.headers = dict(headers or {})
        self.code = code

    @property
    def error(self) -> dict[str, Any]:
        """The `error` object of the body."""
        details = {"details": {"error_code": self.code}} if self.code else {}
        return {"type": self.kind, "message": str(self), **details}

    def response(self, request_id: str) -> JSONResponse:
        """The whole answer."""
        body = {"type": "error", "error": self.error, "request_id": request_id}
        return JSONResponse(body, self.status, {"request-id": request_id, **self.headers})


def bad_request(message: str) -> Refusal:
    """400: the caller's mistake."""
    return Refusal(400, "invalid_request_error", message)
