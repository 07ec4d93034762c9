"""Taking turns: what is stored on the bus, and what is refused with which problem."""

import asyncio
import time

import httpx
import jwt
import pytest
from contract.gateway.conftest import SECRET, Shop, in_process
from suites.waiting import until
from suites.web_client import Visit, visit

from bus.memory import MemoryBus, MemoryProducer
from bus.port import TooLarge, Unsure
from bus.record import Receipt
from events.envelope import admit, body_hash
from events.topics import INGRESS
from events.turn import MAX_TEXT_CHARACTERS, Said
from events.wire import Message, decode_keyed
from gateway.body import MAX_BODY_BYTES
from gateway.settings import Rate


def said(bus: MemoryBus) -> list[Said]:
    records = bus.records(INGRESS)
    return [decode_keyed(Said, one.key, one.value, one.headers) for one in records]


def problem(response: httpx.Response, status: int, code: str) -> str:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["type"] == f"urn:tierwise:problem:{code}"
    assert body["status"] == status
    return str(body["detail"])


@pytest.fixture
async def visitor(http: httpx.AsyncClient) -> Visit:
    return await visit(http)


async def test_a_turn_is_signed_and_stored(visitor: Visit, bus: MemoryBus, shop: Shop) -> None:
    response = await visitor.say("Where is my order #ABC123", turn_id="t-1", turn_no=1)
    assert response.status_code == 202
    body = response.json()
    assert (body["session_id"], body["turn_id"]) == (visitor.session_id, "t-1")
    (one,) = said(bus)
    assert (one.text, one.turn_no) == ("Where is my order #ABC123", 1)
    key_of = {"gateway": shop.gateway_key.public_key()}.get
    identity = admit(one, key_of, asked_at=int(time.time() * 1000))
    assert (identity.frontend, identity.customer_id) == ("gateway", None)


async def test_the_trace_of_the_caller_goes_on(visitor: Visit, bus: MemoryBus) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = visitor.headers | {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
    path = f"{visitor.path}/turns"
    response = await visitor.http.post(path, json={"text": "hi"}, headers=headers)
    assert response.json()["trace_id"] == trace
    (record,) = bus.records(INGRESS)
    assert record.headers["traceparent"].split(b"-")[1].decode() == trace


async def test_left_out_ids_are_made_and_numbers_left_to_the_system(
    visitor: Visit, bus: MemoryBus
) -> None:
    made = {(await visitor.say("hi")).json()["turn_id"] for _ in range(3)}
    assert {one.turn_id for one in said(bus)} == made
    assert len(made) == 3
    assert {one.turn_no for one in said(bus)} == {None}


async def test_card_numbers_are_masked_before_signing(visitor: Visit, bus: MemoryBus) -> None:
    await visitor.say("I paid with 4111 1111 1111 1111 yesterday")
    (one,) = said(bus)
    assert one.text == "I paid with [card ending 1111] yesterday"
    claims = jwt.decode(one.envelope, options={"verify_signature": False})
    assert claims["bh"] == body_hash(one.text)


async def test_text_of_the_longest_length_is_taken(visitor: Visit) -> None:
    assert (await visitor.say("é" * MAX_TEXT_CHARACTERS)).status_code == 202


async def test_longer_text_is_too_large(visitor: Visit, bus: MemoryBus) -> None:
    response = await visitor.say("x" * (MAX_TEXT_CHARACTERS + 1))
    assert "4000" in problem(response, 413, "too-large")
    assert not said(bus)


@pytest.mark.parametrize("announced", [True, False])
async def test_a_huge_body_is_too_large(visitor: Visit, announced: bool) -> None:
    async def chunks() -> object:
        for _ in range(4):
            yield b"x" * (MAX_BODY_BYTES // 2)

    content = b"x" * (MAX_BODY_BYTES + 1) if announced else chunks()
    path = f"{visitor.path}/turns"
    response = await visitor.http.post(path, content=content, headers=visitor.headers)  # type: ignore[arg-type]  # an async generator is content too
    problem(response, 413, "too-large")


@pytest.mark.parametrize("text", ["", "   ", "\n\t ", "a\x00b"])
async def test_text_that_says_nothing_is_not_valid(
    visitor: Visit, bus: MemoryBus, text: str
) -> None:
    problem(await visitor.say(text), 422, "invalid")
    assert not said(bus)


BAD_BODIES = [
    b"",
    b"not json",
    b"[]",
    b'{"text": 5}',
    b'{"text": "hi", "turn_id": "has space"}',
    b'{"text": "hi", "turn_id": ""}',
    b'{"text": "hi", "turn_no": 0}',
    b'{"text": "hi", "turn_no": 1000001}',
    b'{"text": "hi", "turn_no": 2147483648}',
    b'{"text": "hi", "customer_id": "c-1001"}',
    b'{"text": "\\ud800"}',
    b"\xff\xfe",
]


@pytest.mark.parametrize("body", BAD_BODIES, ids=repr)
async def test_a_bad_body_is_not_valid(visitor: Visit, bus: MemoryBus, body: bytes) -> None:
    headers = visitor.headers | {"Content-Type": "application/json"}
    response = await visitor.http.post(f"{visitor.path}/turns", content=body, headers=headers)
    problem(response, 422, "invalid")
    assert not said(bus)


async def test_what_the_customer_wrote_is_not_repeated_in_an_error(visitor: Visit) -> None:
    response = await visitor.say("my secret", turn_id="not an id")
    assert "my secret" not in response.text


async def test_a_turn_needs_a_token(visitor: Visit, bus: MemoryBus) -> None:
    response = await visitor.http.post(f"{visitor.path}/turns", json={"text": "hi"})
    problem(response, 401, "not-authenticated")
    assert not said(bus)


async def test_a_token_that_expired_or_was_forged_is_refused(visitor: Visit) -> None:
    claims: dict[str, object] = {"sid": visitor.session_id, "aud": "tierwise-session", "exp": 1}
    expired = jwt.encode(claims, SECRET, algorithm="HS256")
    forged = jwt.encode(claims | {"exp": int(time.time()) + 60}, "f" * 40, algorithm="HS256")
    for token in (expired, forged, "nonsense"):
        stranger = Visit(visitor.http, visitor.session_id, token)
        problem(await stranger.say("hi"), 401, "not-authenticated")


async def test_a_customer_token_is_no_session_token(visitor: Visit, shop: Shop) -> None:
    stranger = Visit(visitor.http, visitor.session_id, shop.customer_token())
    problem(await stranger.say("hi"), 401, "not-authenticated")


@pytest.mark.parametrize("session_id", ["unknown", "a" * 100, "%20"])
async def test_another_session_is_not_found(visitor: Visit, session_id: str) -> None:
    stranger = Visit(visitor.http, session_id, visitor.token)
    problem(await stranger.say("hi"), 404, "no-such-session")


async def test_a_session_that_sends_too_fast_is_told_when_to_go_on(
    shop: Shop, bus: MemoryBus
) -> None:
    async with in_process(shop, bus, rate=Rate(burst=3, per_s=0.01)) as http:
        fast, slow = await visit(http), await visit(http)
        taken = [(await fast.say("hi")).status_code for _ in range(3)]
        refused = await fast.say("hi")
        assert taken == [202] * 3
        problem(refused, 429, "rate-limited")
        assert 80 <= int(refused.headers["retry-after"]) <= 100
        assert (await slow.say("hi")).status_code == 202
    assert len(said(bus)) == 4


class Broken(MemoryProducer):
    """A producer whose broker is away."""

    error: Exception = Unsure("no acknowledgement")

    async def send(self, topic: str, message: Message, *, timeout_s: float = 10.0) -> Receipt:
        assert timeout_s <= 2.0
        raise self.error


class Unhealthy(MemoryProducer):
    """A producer that is being rebuilt."""

    healthy = False


@pytest.mark.parametrize("error", [Unsure("no acknowledgement"), TooLarge("over the cap")])
async def test_what_is_not_acknowledged_is_unavailable(
    visitor: Visit, bus: MemoryBus, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(MemoryProducer, "send", Broken.send)
    monkeypatch.setattr(MemoryProducer, "error", error, raising=False)
    response = await visitor.say("hi", turn_id="t-1")
    assert "the same turn_id may be sent again" in problem(response, 503, "unavailable").lower()
    assert response.headers["retry-after"] == "1"
    monkeypatch.undo()
    assert (await visitor.say("hi", turn_id="t-1")).status_code == 202
    assert [one.turn_id for one in said(bus)] == ["t-1"]


async def test_nothing_is_sent_while_the_producer_is_rebuilt(
    visitor: Visit, bus: MemoryBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MemoryProducer, "healthy", False)
    problem(await visitor.say("hi"), 503, "unavailable")
    assert not said(bus)


async def test_too_many_waiting_turns_are_unavailable_at_once(
    shop: Shop, bus: MemoryBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, sending = asyncio.Event(), []

    async def hanging(self: MemoryProducer, topic: str, message: Message, **_: float) -> Receipt:
        sending.append(message)
        await release.wait()
        return await bus.append(topic, message)

    monkeypatch.setattr(MemoryProducer, "send", hanging)
    monkeypatch.setattr("gateway.publisher.MAX_WAITING", 2)
    async with in_process(shop, bus) as http:
        visitor = await visit(http)
        waiting = [asyncio.create_task(visitor.say("hi")) for _ in range(2)]
        await until(lambda: len(sending) == 2)
        problem(await visitor.say("hi"), 503, "unavailable")
        release.set()
        assert {(await one).status_code for one in waiting} == {202}


async def test_an_unknown_path_is_a_problem_too(http: httpx.AsyncClient) -> None:
    response = await http.get("/v2/anything")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert "openapi.json" in response.json()["detail"]
