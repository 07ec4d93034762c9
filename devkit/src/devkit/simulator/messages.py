"""The provider's two endpoints."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from devkit.simulator.answer import Answer
from devkit.simulator.ask import Prompt, parse
from devkit.simulator.cache import prefixes
from devkit.simulator.door import check_headers
from devkit.simulator.job import Arrival, admit
from devkit.simulator.provider import Provider
from devkit.simulator.refusal import Refusal


class Messages:
    """POST /v1/messages and POST /v1/messages/count_tokens."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    @property
    def routes(self) -> list[BaseRoute]:
        """Where they stand."""
        return [
            Route("/v1/messages", self.create, methods=["POST"]),
            Route("/v1/messages/count_tokens", self.count, methods=["POST"]),
        ]

    async def create(self, request: Request) -> Response | Answer:
        """An answer, streamed or whole."""
        arrival = Arrival()
        try:
            return Answer(await admit(self._provider, request, arrival), self._provider)
        except Refusal as refusal:
            return refusal.response(arrival.request_id)

    async def count(self, request: Request) -> Response:
        """How many tokens a prompt is billed; asking costs nothing."""
        arrival = Arrival()
        try:
            check_headers(request.headers)
            prompt = parse(await request.body(), Prompt)
            self._provider.models.of(prompt.model)
        except Refusal as refusal:
            return refusal.response(arrival.request_id)
        tokens = prefixes(prompt)[0][-1].tokens
        return JSONResponse({"input_tokens": tokens}, headers={"request-id": arrival.request_id})
