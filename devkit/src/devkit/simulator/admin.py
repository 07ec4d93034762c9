"""The operator's endpoints under /admin: the book, the profile, faults, a new start."""

from typing import Any

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from devkit.simulator.fault import Fault
from devkit.simulator.profiles import Choice
from devkit.simulator.provider import Provider

FAULTS: TypeAdapter[list[Fault]] = TypeAdapter(list[Fault])


class Admin:
    """What a test, a bench and the `tierwise simulator` command call."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    @property
    def routes(self) -> list[BaseRoute]:
        """Where they stand."""
        return [
            Route("/admin/book", self.book, methods=["GET"]),
            Route("/admin/reset", self.reset, methods=["POST"]),
            Route("/admin/profile", self.profile, methods=["GET"]),
            Route("/admin/profile", self.choose, methods=["POST"]),
            Route("/admin/faults", self.faults, methods=["GET"]),
            Route("/admin/faults", self.lay, methods=["POST"]),
            Route("/admin/faults", self.heal, methods=["DELETE"]),
        ]

    async def book(self, request: Request) -> Response:
        """The entries that arrived at `since` (milliseconds since 1970) or later."""
        try:
            since = float(request.query_params.get("since", "0"))
        except ValueError:
            return _wrong("since: must be milliseconds since 1970")
        entries = self._provider.book.entries(since)
        return JSONResponse({"entries": [entry.model_dump(mode="json") for entry in entries]})

    async def reset(self, _: Request) -> Response:
        """A new start."""
        self._provider.reset()
        return Response(status_code=204)

    async def profile(self, _: Request) -> Response:
        """Who writes."""
        return JSONResponse(self._provider.choice.model_dump())

    async def choose(self, request: Request) -> Response:
        """{"profile": "lying", "share": 0.3, "seed": 7}; what is left out stays as it began."""
        try:
            given = await request.json()
            started = self._provider.first_choice.model_dump(include={"seed"})
            self._provider.choice = Choice.model_validate(started | given)
        except (ValueError, TypeError) as wrong:
            return _wrong(_told(wrong))
        return await self.profile(request)

    async def faults(self, _: Request) -> Response:
        """Those in force."""
        faults = self._provider.faults.in_force()
        return JSONResponse({"faults": [fault.model_dump(mode="json") for fault in faults]})

    async def lay(self, request: Request) -> Response:
        """One fault or a list of them, besides those in force."""
        try:
            given: Any = await request.json()
            laid = FAULTS.validate_python(given if isinstance(given, list) else [given])
        except ValueError as wrong:
            return _wrong(_told(wrong))
        for fault in laid:
            self._provider.faults.lay(fault)
        return await self.faults(request)

    async def heal(self, request: Request) -> Response:
        """No more faults."""
        self._provider.faults.clear()
        return await self.faults(request)


def _told(wrong: Exception) -> str:
    if isinstance(wrong, ValidationError):
        first = wrong.errors(include_url=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return str(wrong)


def _wrong(message: str) -> Response:
    return JSONResponse({"error": message}, 422)
