"""The event stream: replies once, resumed where a client left off, bounded, closed with a hint."""

import asyncio
import json

import pytest
from contract.gateway.conftest import Replica, Shop, on_socket, publish
from suites.waiting import until
from suites.web_client import Visit, reply, visit

from bus.memory import MemoryBus
from events.preview import Preview
from events.topics import EGRESS
from events.wire import Message
from gateway import hub, stream

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
async def visitor(replica: Replica) -> Visit:
    return await visit(replica.http)


async def test_a_reply_comes_with_its_position_and_without_inner_facts(
    visitor: Visit, bus: MemoryBus
) -> None:
    async with visitor.listen() as client:
        place = await publish(bus, reply(visitor.session_id, "t-1"), TRACE)
        heard = await client.event()
    assert (heard.name, heard.id) == ("reply", place)
    assert json.loads(heard.data) == {
        "session_id": visitor.session_id,
        "turn_id": "t-1",
        "turn_no": 1,
        "status": "completed",
        "text": "It is on its way.",
        "use_case": "order_tracking",
        "tier": "order",
        "sources": [],
        "gap": False,
        "degraded": [],
        "reason": None,
        "simulated": False,
        "trace_id": TRACE,
    }


async def test_a_client_that_comes_late_gets_what_it_missed(
    replica: Replica, visitor: Visit, bus: MemoryBus
) -> None:
    await publish(bus, reply(visitor.session_id, "t-1"))
    await until(lambda: replica.parts.window.replies)
    async with visitor.listen() as client:
        heard = await client.event()
    assert json.loads(heard.data)["turn_id"] == "t-1"


async def test_a_resumed_stream_gives_each_reply_once(visitor: Visit, bus: MemoryBus) -> None:
    seen: list[str] = []
    last: str | None = None
    for number in range(12):
        await publish(bus, reply(visitor.session_id, f"t-{number}"))
        if number % 3 == 2:
            async with visitor.listen(last) as client:
                for _ in range(2):
                    heard = await client.event()
                    seen.append(json.loads(heard.data)["turn_id"])
                    last = heard.id
    async with visitor.listen(last) as client:
        while len(seen) < 12:
            heard = await client.event()
            seen.append(json.loads(heard.data)["turn_id"])
    assert seen == [f"t-{number}" for number in range(12)]


async def test_a_second_reply_to_a_turn_is_dropped(visitor: Visit, bus: MemoryBus) -> None:
    async with visitor.listen() as client:
        await publish(bus, reply(visitor.session_id, "t-1", "first"))
        await publish(bus, reply(visitor.session_id, "t-1", "second"))
        await publish(bus, reply(visitor.session_id, "t-2", "third"))
        texts = [
            json.loads(heard.data)["text"] for _ in range(2) if (heard := await client.event())
        ]
    assert texts == ["first", "third"]


async def test_previews_come_without_id_and_end_with_the_reply(
    visitor: Visit, bus: MemoryBus
) -> None:
    def preview(epoch: int, seq: int, text: str) -> Preview:
        return Preview(
            session_id=visitor.session_id, turn_id="t-1", epoch=epoch, seq=seq, text=text
        )

    async with visitor.listen() as client:
        texts: list[str] = []
        for one in (preview(1, 0, "A."), preview(1, 1, " B."), preview(2, 0, "C.")):
            await publish(bus, one)
            heard = await client.event()
            assert (heard.name, heard.id) == ("preview", None)
            texts.append(json.loads(heard.data)["text"])
        await publish(bus, reply(visitor.session_id, "t-1", "final"))
        heard = await client.event()
        assert heard.name == "reply"
        await publish(bus, preview(3, 0, "late"))
        await publish(bus, reply(visitor.session_id, "t-2", "next"))
        heard = await client.event()
        assert json.loads(heard.data)["text"] == "next"
    assert texts == ["A.", "A. B.", "C."]


async def test_a_client_hears_its_own_session_only(replica: Replica, bus: MemoryBus) -> None:
    mine, other = await visit(replica.http), await visit(replica.http)
    async with mine.listen() as client:
        await publish(bus, reply(other.session_id, "t-1", "not yours"))
        await publish(bus, reply(mine.session_id, "t-1", "yours"))
        heard = await client.event()
    assert json.loads(heard.data)["text"] == "yours"


async def test_several_clients_of_a_session_hear_the_same(visitor: Visit, bus: MemoryBus) -> None:
    async with visitor.listen() as one, visitor.listen() as two:
        await publish(bus, reply(visitor.session_id, "t-1"))
        assert await one.event() == await two.event()


async def test_what_cannot_be_decoded_is_passed_over(visitor: Visit, bus: MemoryBus) -> None:
    async with visitor.listen() as client:
        await bus.append(EGRESS, Message(visitor.session_id.encode(), b"{broken", {}))
        await publish(bus, reply(visitor.session_id, "t-1"))
        await client.event()


async def test_a_restarted_replica_reads_back_what_it_had(shop: Shop, bus: MemoryBus) -> None:
    async with on_socket(shop, bus) as before:
        visitor = await visit(before.http)
        first = await publish(bus, reply(visitor.session_id, "t-1"))
        await publish(bus, reply(visitor.session_id, "t-2"))
    async with on_socket(shop, bus) as after:
        again = Visit(after.http, visitor.session_id, visitor.token)
        async with again.listen(first) as client:
            heard = await client.event()
    assert json.loads(heard.data)["turn_id"] == "t-2"


@pytest.mark.parametrize("last", ["nonsense", "1", "1-", "-1-2", "1-2-3"])
async def test_a_bad_last_event_id_is_a_problem(visitor: Visit, last: str) -> None:
    headers = visitor.headers | {"Last-Event-ID": last}
    response = await visitor.http.get(f"{visitor.path}/events", headers=headers)
    assert response.status_code == 400
    assert response.json()["type"] == "urn:tierwise:problem:bad-last-event-id"


async def test_a_position_from_before_the_topic_was_made_anew_gives_everything(
    replica: Replica, visitor: Visit, bus: MemoryBus
) -> None:
    place = await publish(bus, reply(visitor.session_id, "t-1"))
    await until(lambda: replica.parts.window.replies)
    partition = place.split("-")[0]
    async with visitor.listen(f"{partition}-999") as client:
        await client.event()


async def test_a_stream_needs_the_sessions_own_token(replica: Replica) -> None:
    one, two = await visit(replica.http), await visit(replica.http)
    assert (await replica.http.get(f"{one.path}/events")).status_code == 401
    response = await replica.http.get(f"{one.path}/events", headers=two.headers)
    assert response.status_code == 404


async def test_a_session_may_have_so_many_streams(
    visitor: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "MAX_STREAMS", 1)
    async with visitor.listen():
        response = await visitor.http.get(f"{visitor.path}/events", headers=visitor.headers)
    assert response.status_code == 429
    assert response.json()["type"] == "urn:tierwise:problem:too-many-streams"


async def test_a_client_that_leaves_is_forgotten(replica: Replica, visitor: Visit) -> None:
    async with visitor.listen():
        assert replica.parts.hub.count(visitor.session_id) == 1
    await until(lambda: not replica.parts.hub.count(visitor.session_id))


async def test_a_client_that_does_not_read_is_cut_off(
    shop: Shop, bus: MemoryBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MAX_WAITING", 4)
    monkeypatch.setattr(stream, "SEND_TIMEOUT_S", 0.3)
    async with on_socket(shop, bus) as replica:
        visitor = await visit(replica.http)
        async with visitor.listen():
            for number in range(400):
                await publish(bus, reply(visitor.session_id, f"t-{number}", "x" * 100_000))
            await until(lambda: not replica.parts.hub.count(visitor.session_id), within_s=30)


async def test_a_replica_that_stops_ends_streams_with_a_hint(shop: Shop, bus: MemoryBus) -> None:
    async with on_socket(shop, bus) as replica:
        visitor = await visit(replica.http)
        async with visitor.listen() as client:
            replica.stop.set()
            assert 1_000 <= await client.until_retry() <= 4_000
            assert await client.next() is None
        assert replica.parts.unready == "stopping"


async def test_heartbeats_keep_a_quiet_stream_open(
    shop: Shop, bus: MemoryBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_S", 0.05)
    async with on_socket(shop, bus) as replica:
        visitor = await visit(replica.http)
        url, headers = f"{visitor.path}/events", visitor.headers
        async with visitor.http.stream("GET", url, headers=headers) as response:
            async with asyncio.timeout(10):
                async for line in response.aiter_lines():
                    if line == ": still here":
                        break


async def test_the_reply_to_a_turn_can_be_asked_for(
    replica: Replica, visitor: Visit, bus: MemoryBus
) -> None:
    missing = await visitor.reply_to("t-1")
    assert missing.status_code == 404
    assert missing.json()["type"] == "urn:tierwise:problem:no-reply"
    assert "same turn_id" in missing.json()["detail"]
    await publish(bus, reply(visitor.session_id, "t-1"))
    await until(lambda: replica.parts.window.replies)
    found = await visitor.reply_to("t-1")
    assert found.status_code == 200
    assert found.json()["text"] == "It is on its way."
