"""The provider's Messages API: the only use of its SDK.

The SDK retries nothing here (`max_retries=0`), traces nothing (`telemetry.chat` does) and reads no
key of its own. Time limits are asyncio's: the SDK's know nothing of the first event.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anthropic
import httpx2
from anthropic.types import RawMessageStreamEvent

from llm.models.failure import CallFailed, Kind
from llm.models.quota import Need, told
from llm.models.reading import Reading
from llm.models.refusal import normalised
from llm.models.watch import Watch
from llm.money.tokens import Tokens
from playbook.model import ModelSpec

REAL = "https://api.anthropic.com"
NO_KEY = "sk-ant-simulated"
"""The simulator wants a key that looks like one."""

CALL_HEADER = "x-tierwise-call"
CONNECT_S = 1.0
IDLE_S = 60.0


@dataclass(frozen=True)
class Request:
    """One call. `system` is the prefix that is the same for all, and cached by the provider."""

    call_id: str
    spec: ModelSpec
    system: str
    user: str


@dataclass(frozen=True)
class Opened:
    """The first event: the answer begins. `left` is the quota by the response's headers."""

    response_id: str
    model: str
    left: Need


@dataclass(frozen=True)
class Delta:
    """Some more text."""

    text: str


@dataclass(frozen=True)
class Whole:
    """The last event: the answer is complete and its bill is known."""

    stop_reason: str
    tokens: Tokens


Event = Opened | Delta | Whole


class Provider:
    """Streams answers. Every call ends with Whole, or raises CallFailed."""

    def __init__(self, client: anthropic.AsyncAnthropic) -> None:
        self._client = client

    async def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        """Opened, Deltas, Whole. Close it (`aclosing`) when it is left early. Raises CallFailed."""
        watch, reading = Watch(request.spec), Reading()
        with normalised():
            async with watch.limit():
                stream = await self._begun(request)
            async with stream:
                events = aiter(stream)
                while (event := await _next(events, watch)) is not None:
                    watch.began()
                    for said in _said(event, reading, stream):
                        yield said
        if not reading.whole:
            raise CallFailed(Kind.CUT, "the stream ended without message_stop")

    async def _begun(self, request: Request) -> anthropic.AsyncStream[RawMessageStreamEvent]:
        return await self._client.messages.create(
            model=request.spec.api_name,
            max_tokens=request.spec.max_tokens,
            system=[
                {"type": "text", "text": request.system, "cache_control": {"type": "ephemeral"}}
            ],
            messages=[{"role": "user", "content": request.user}],
            stream=True,
            extra_headers={CALL_HEADER: request.call_id},
        )


async def _next(
    events: AsyncIterator[RawMessageStreamEvent], watch: Watch
) -> RawMessageStreamEvent | None:
    async with watch.limit():
        return await anext(events, None)


def _said(
    event: RawMessageStreamEvent,
    reading: Reading,
    stream: anthropic.AsyncStream[RawMessageStreamEvent],
) -> list[Event]:
    """What an event of the API says to us: most say nothing."""
    reading.read(event)
    if event.type == "message_start":
        return [Opened(event.message.id, event.message.model, told(stream.response.headers))]
    if event.type == "content_block_delta" and event.delta.type == "text_delta":
        return [Delta(event.delta.text)]
    if event.type == "message_stop" and reading.whole:
        return [Whole(reading.stop_reason or "", reading.tokens)]
    return []


@asynccontextmanager
async def open_provider(
    key: str | None, simulator: str | None, connections: int
) -> AsyncIterator[Provider]:
    """With a key the real API, without one the simulator. Nothing is sent yet."""
    http = httpx2.AsyncClient(
        timeout=httpx2.Timeout(None, connect=CONNECT_S, pool=CONNECT_S),
        limits=httpx2.Limits(
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=IDLE_S,
        ),
        trust_env=key is not None,
    )
    client = anthropic.AsyncAnthropic(
        api_key=key or NO_KEY,
        base_url=REAL if key else simulator,
        max_retries=0,
        open_telemetry=False,
        http_client=http,
    )
    async with client:
        yield Provider(client)
