"""The HTTP application of one replica, from its parts."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from gateway import opening, problem, stream, turns
from gateway.body import BodyCap
from gateway.pages import page_routes
from gateway.parts import Parts

DESCRIPTION = """Web chat over HTTP: open a session, send turns, listen to its event stream.

Errors are problem details (RFC 9457); `type` is stable, `detail` says what to do.
"""


def _documented(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with problems under their own media type."""
    if app.openapi_schema is None:
        document = get_openapi(
            title="Tierwise gateway",
            version=app.version,
            description=DESCRIPTION,
            routes=app.routes,
        )
        for path in document["paths"].values():
            for operation in path.values():
                _relabel(operation["responses"])
        for unused in ("HTTPValidationError", "ValidationError"):
            document["components"]["schemas"].pop(unused, None)
        app.openapi_schema = document
    return app.openapi_schema


def _relabel(responses: dict[str, Any]) -> None:
    # FastAPI adds its own 422 to every route with a header, which cannot fail here.
    if "422" in responses and responses["422"]["description"] == "Validation Error":
        del responses["422"]
    for status, response in responses.items():
        if status >= "400":
            (schema,) = response["content"].values()
            response["content"] = {problem.MEDIA_TYPE: schema}


def create_app(parts: Parts) -> FastAPI:
    """The public application: the API under /v1, /openapi.json and the chat page."""
    app = FastAPI(version="1", docs_url=None, redoc_url=None, routes=[*page_routes()])
    app.state.parts = parts
    for module in (opening, turns, stream):
        app.include_router(module.router)
    problem.install(app)
    app.add_middleware(BodyCap)
    app.openapi = lambda: _documented(app)  # type: ignore[method-assign]  # FastAPI's way to extend it
    return app
