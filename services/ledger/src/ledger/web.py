"""The ledger's view: `/` for people, `/live` and `/money` as JSON, `/metrics` for Prometheus."""

import time
from collections.abc import Callable
from importlib.resources import files

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ledger.figures import WINDOWS, window
from ledger.live import Live
from ledger.metrics import Metrics
from ledger.money import told
from ledger.repository import Repository
from playbook.price import PriceList
from playbook.reference import Reference
from worker.handler import Unavailable

MOST_DAYS = 366
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
TYPES[".css"] = "text/css; charset=utf-8"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class Views:
    """What the routes answer. `live` gives the windows of the reading that runs at the moment."""

    def __init__(
        self,
        live: Callable[[], Live],
        repository: Repository,
        metrics: Metrics,
        prices: PriceList,
        reference: Reference,
    ) -> None:
        self._live = live
        self._repository = repository
        self._metrics = metrics
        self._prices = prices
        self._reference = reference

    def app(self) -> Starlette:
        """All routes."""
        own = [
            Route("/live", self.live),
            Route("/money", self.money),
            Route("/metrics", self.metrics),
        ]
        return Starlette(routes=[*own, *_page()])

    async def live(self, _: Request) -> Response:
        """The last one and five minutes, approximate."""
        live = self._live()
        windows = {name: window(live.over(seconds)) for name, seconds in WINDOWS.items()}
        as_of = round(time.time() * 1000)
        return JSONResponse({"as_of_ms": as_of, "windows": windows}, headers=HEADERS)

    async def money(self, request: Request) -> Response:
        """The books' sums over `days` (1), exact."""
        asked = request.query_params.get("days", "1")
        if not asked.isdecimal() or not 1 <= int(asked) <= MOST_DAYS:
            return _problem(422, f"days must be a whole number from 1 to {MOST_DAYS}")
        try:
            sums = await self._repository.sums(int(asked))
        except Unavailable as away:
            return _problem(503, str(away))
        body = told(sums, self._prices, self._reference, int(asked))
        return JSONResponse(body, headers=HEADERS)

    async def metrics(self, _: Request) -> Response:
        """Prometheus' text format."""
        return Response(self._metrics.text(), media_type="text/plain; version=0.0.4")


def _problem(status: int, detail: str) -> Response:
    return JSONResponse({"error": detail}, status, headers=HEADERS)


def _page() -> list[Route]:
    return [_file(one.name, one.read_bytes()) for one in files("ledger").joinpath("page").iterdir()]


def _file(name: str, content: bytes) -> Route:
    media_type = TYPES[name[name.rindex(".") :]]

    async def served(_: Request) -> Response:
        return Response(content, media_type=media_type, headers=HEADERS)

    return Route("/" if name == "index.html" else f"/{name}", served)
