"""What each answer of the Messages API, and each lack of one, is called. No server: a transport."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing

import anthropic  # noqa: TID251 - what is tested is the one use of it
import httpx2
import pytest
from suites.reference_shop import shop

from llm.models.failure import CallFailed, Kind
from llm.models.provider import Delta, Event, Opened, Provider, Request, Whole
from llm.models.quota import Need
from llm.money.tokens import Tokens
from playbook.model import ModelSpec

Answer = Callable[[httpx2.Request], httpx2.Response]


def spec(**limits: float) -> ModelSpec:
    """A model that is waited for as long as a busy machine takes, but for `limits`."""
    patient = {"first_event_s": 30.0, "stall_s": 30.0, "total_s": 60.0}
    return ModelSpec.model_validate(
        shop().models.models["haiku-5-5"].model_dump() | patient | limits
    )


PATIENT = spec()
HASTY = {Kind.HUNG: spec(first_event_s=0.2), Kind.STALLED: spec(stall_s=0.1, total_s=0.4)}


def event(kind: str, **fields: object) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind} | fields)}\n\n".encode()


USAGE = {
    "input_tokens": 10,
    "output_tokens": 1,
    "cache_read_input_tokens": 700,
    "cache_creation_input_tokens": 0,
}
MESSAGE: dict[str, object] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-haiku-5-5",
    "content": [],
    "stop_reason": None,
    "usage": USAGE,
}
START = event("message_start", message=MESSAGE)
PING = event("ping")
STOP = event("message_stop")


def delta(text: str) -> bytes:
    return event("content_block_delta", index=0, delta={"type": "text_delta", "text": text})


def ending(reason: str | None = "end_turn") -> bytes:
    return event("message_delta", delta={"stop_reason": reason}, usage={"output_tokens": 42})


Part = bytes | float | Exception


class Body(httpx2.AsyncByteStream):
    """Pieces of a stream; a number is a pause in seconds, an exception is raised."""

    def __init__(self, *parts: Part) -> None:
        self._parts = parts

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            if isinstance(part, Exception):
                raise part
            if isinstance(part, bytes):
                yield part
            else:
                await asyncio.sleep(part)


SLOWLY: list[Part] = [delta("Hi"), PING, 0.05] * 20
PINGING: list[Part] = [PING, 0.03] * 60


def streaming(*parts: Part) -> Answer:
    headers = {
        "content-type": "text/event-stream",
        "anthropic-ratelimit-requests-remaining": "99",
    }
    return lambda _: httpx2.Response(200, headers=headers, stream=Body(*parts))


def refusing(status: int, kind: str, *, code: str | None = None, **headers: str) -> Answer:
    error = {"type": kind, "message": "no"} | ({"details": {"error_code": code}} if code else {})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: httpx2.Response(status, json={"type": "error", "error": error}, headers=named)


def raising(error: Exception) -> Answer:
    def answer(request: httpx2.Request) -> httpx2.Response:
        raise error

    return answer


async def hanging(request: httpx2.Request) -> httpx2.Response:
    await asyncio.sleep(60)
    raise AssertionError("it should have been cut")


async def heard(
    answer: Answer, seen: list[Event] | None = None, model: ModelSpec = PATIENT
) -> list[Event]:
    events = [] if seen is None else seen
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    client = anthropic.AsyncAnthropic(
        api_key="sk-ant-test", base_url="http://x", max_retries=0, http_client=http
    )
    request = Request("0" * 32, model, "the prefix", "the message")
    async with client, aclosing(Provider(client).stream(request)) as stream:
        async for one in stream:
            events.append(one)
    return events


async def test_a_whole_answer_is_its_words_and_its_bill() -> None:
    events = await heard(streaming(START, PING, delta("Hel"), delta("lo."), ending(), STOP))
    assert events == [
        Opened("msg_1", "claude-haiku-5-5", Need(99, None, None)),
        Delta("Hel"),
        Delta("lo."),
        Whole("end_turn", Tokens(10, 42, 700, 0)),
    ]


async def test_the_request_is_cached_named_and_asked_once() -> None:
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return refusing(500, "api_error")(request)

    with pytest.raises(CallFailed):
        await heard(answer)
    (request,) = asked
    body = json.loads(request.content)
    assert request.headers["x-tierwise-call"] == "0" * 32
    assert body["system"] == [
        {"type": "text", "text": "the prefix", "cache_control": {"type": "ephemeral"}}
    ]
    assert body["messages"] == [{"role": "user", "content": "the message"}]
    assert (body["model"], body["max_tokens"], body["stream"]) == ("claude-haiku-5-5", 300, True)
    assert not set(body) & {"temperature", "top_p", "top_k", "tools"}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refusing(429, "rate_limit_error", retry_after="1"), Kind.RATE_SHORT),
        (refusing(429, "rate_limit_error", retry_after="60"), Kind.RATE_LONG),
        (refusing(429, "rate_limit_error"), Kind.RATE_LONG),
        (
            refusing(429, "rate_limit_error", code="enforced_spend_limit_reached", retry_after="1"),
            Kind.SPENT,
        ),
        (refusing(402, "billing_error"), Kind.SPENT),
        (refusing(529, "overloaded_error"), Kind.OVERLOADED),
        (refusing(500, "api_error"), Kind.SERVER_ERROR),
        (refusing(503, "api_error"), Kind.SERVER_ERROR),
        (refusing(400, "invalid_request_error"), Kind.REFUSED),
        (refusing(401, "authentication_error"), Kind.REFUSED),
        (refusing(404, "not_found_error"), Kind.REFUSED),
        (raising(httpx2.ConnectError("refused")), Kind.UNREACHABLE),
        (raising(httpx2.ConnectTimeout("slow")), Kind.UNREACHABLE),
        (raising(httpx2.PoolTimeout("full")), Kind.UNREACHABLE),
        # The request may have been read before the connection broke: it may have been billed.
        (raising(httpx2.ReadError("reset")), Kind.CUT),
        (raising(httpx2.RemoteProtocolError("reset")), Kind.CUT),
        (hanging, Kind.HUNG),
        (streaming(10.0), Kind.HUNG),
        (streaming(PING, 10.0), Kind.HUNG),
        (streaming(START, delta("Hi"), 10.0), Kind.STALLED),
        (streaming(START, *SLOWLY), Kind.STALLED),
        (streaming(START, delta("Hi"), httpx2.RemoteProtocolError("reset")), Kind.CUT),
        (streaming(START, delta("Hi"), httpx2.ReadError("reset")), Kind.CUT),
        (streaming(START, delta("Hi")), Kind.CUT),
        (streaming(START, delta("Hi"), ending()), Kind.CUT),
        (streaming(START, delta("Hi"), STOP), Kind.CUT),
        (streaming(START, event("error", error={"type": "overloaded_error"})), Kind.CUT),
        (streaming(START, b"event: content_block_delta\ndata: {broken\n\n"), Kind.CUT),
        (streaming(), Kind.CUT),
    ],
)
async def test_every_failure_has_its_name(answer: Answer, kind: Kind) -> None:
    async with asyncio.timeout(20):
        with pytest.raises(CallFailed) as failed:
            await heard(answer, model=HASTY.get(kind, PATIENT))
    assert failed.value.kind is kind


async def test_pings_do_not_keep_a_stalled_stream_alive() -> None:
    seen: list[Event] = []
    with pytest.raises(CallFailed, match=r"no event for 0\.5 s"):
        await heard(streaming(START, delta("Hi"), *PINGING), seen, spec(stall_s=0.5))
    assert seen[-1] == Delta("Hi")


async def test_a_short_rate_says_how_long_to_wait() -> None:
    with pytest.raises(CallFailed) as failed:
        await heard(refusing(429, "rate_limit_error", retry_after="0.5"))
    assert failed.value.retry_after_s == 0.5


async def test_a_refusal_is_a_whole_message() -> None:
    events = await heard(streaming(START, ending("refusal"), STOP))
    assert events[-1] == Whole("refusal", Tokens(10, 42, 700, 0))
