"""The chat page: files of this package, served with headers that let nothing else run."""

from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def _route(path: str, content: bytes, media_type: str) -> Route:
    async def served(request: Request) -> Response:
        return Response(content, media_type=media_type, headers=HEADERS)

    return Route(path, served)


def page_routes() -> list[Route]:
    """A route for each file of the page; `index.html` is `/`."""
    routes = []
    for file in files("gateway").joinpath("page").iterdir():
        suffix = file.name[file.name.rindex(".") :]
        path = "/" if file.name == "index.html" else f"/{file.name}"
        routes.append(_route(path, file.read_bytes(), TYPES[suffix]))
    return routes
