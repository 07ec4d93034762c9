"""A client of the gateway's HTTP interface, as another program would write it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import httpx

from events.reply import Reply, Status
from events.tier import Tier


@dataclass(frozen=True)
class Visit:
    """One client with one open session."""

    http: httpx.AsyncClient
    session_id: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def path(self) -> str:
        return f"/v1/sessions/{self.session_id}"

    async def say(self, text: str, **more: object) -> httpx.Response:
        body = {"text": text, **more}
        return await self.http.post(f"{self.path}/turns", json=body, headers=self.headers)

    async def reply_to(self, turn_id: str) -> httpx.Response:
        return await self.http.get(f"{self.path}/turns/{turn_id}", headers=self.headers)

    def listen(self, last: str | None = None) -> "AbstractAsyncContextManager[Listening]":
        return listening(self, last)


async def visit(http: httpx.AsyncClient, customer_token: str | None = None) -> Visit:
    headers = {"Authorization": f"Bearer {customer_token}"} if customer_token else {}
    response = await http.post("/v1/sessions", headers=headers)
    assert response.status_code == 201, response.text
    body = response.json()
    return Visit(http, body["session_id"], body["token"])


@dataclass(frozen=True)
class Heard:
    """One server-sent event as a client parses it."""

    name: str | None
    data: str
    id: str | None
    retry: int | None


class Listening:
    """A client of the event stream."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def next(self, timeout_s: float = 10.0) -> Heard | None:
        """The next event, heartbeats left out; None at the end of the stream."""
        async with asyncio.timeout(timeout_s):
            return await self._read()

    async def event(self, timeout_s: float = 10.0) -> Heard:
        """The next event, which must come."""
        heard = await self.next(timeout_s)
        assert heard is not None, "the stream ended"
        return heard

    async def _read(self) -> Heard | None:
        fields: dict[str, str] = {}
        async for line in self._lines:
            if not line and fields:
                retry = int(fields["retry"]) if "retry" in fields else None
                return Heard(fields.get("event"), fields.get("data", ""), fields.get("id"), retry)
            name, _, value = line.partition(":")
            if name:
                fields[name] = value.removeprefix(" ")
        return None

    async def until_retry(self) -> int:
        """Read on to the next retry hint."""
        while heard := await self.next():
            if heard.retry is not None:
                return heard.retry
        raise AssertionError("the stream ended without a hint")


@asynccontextmanager
async def listening(visit: Visit, last: str | None) -> AsyncIterator[Listening]:
    headers = visit.headers | ({"Last-Event-ID": last} if last else {})
    async with visit.http.stream("GET", f"{visit.path}/events", headers=headers) as response:
        assert response.status_code == 200, await response.aread()
        client = Listening(response)
        first = await client.next()
        assert first is not None
        assert first.retry is not None
        yield client


def reply(session_id: str, turn_id: str, text: str = "It is on its way.", **more: object) -> Reply:
    values: dict[str, object] = {
        "session_id": session_id,
        "turn_id": turn_id,
        "turn_no": 1,
        "status": Status.COMPLETED,
        "text": text,
        "use_case": "order_tracking",
        "tier": Tier.ORDER,
        "asked_at": 1,
    }
    return Reply.model_validate(values | more)
