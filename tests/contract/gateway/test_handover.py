"""Two replicas: each reads its own partitions and hands the other's sessions over."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from contract.gateway.conftest import Replica, Shop, free_port, on_socket, publish
from suites.waiting import until
from suites.web_client import Visit, reply, visit

from bus.memory import MemoryBus
from gateway.handover import MARK
from gateway.ring import Ring


@pytest.fixture
async def pair(shop: Shop, bus: MemoryBus) -> AsyncIterator[tuple[Replica, Replica]]:
    ports = free_port(), free_port()
    peers = tuple(f"http://127.0.0.1:{port}" for port in ports)
    async with (
        on_socket(shop, bus, http_port=ports[0], replica=0, peers=peers) as first,
        on_socket(shop, bus, http_port=ports[1], replica=1, peers=peers) as second,
    ):
        yield first, second


async def foreign(replica: Replica, owner: int) -> Visit:
    """A session opened at one replica whose replies another one reads."""
    ring = replica.parts.handover.ring
    while True:
        visitor = await visit(replica.http)
        if ring.owner(visitor.session_id) == owner:
            return visitor


async def test_a_foreign_session_streams_through_its_owner(
    pair: tuple[Replica, Replica], bus: MemoryBus
) -> None:
    first, second = pair
    visitor = await foreign(first, 1)
    assert (await visitor.say("hi", turn_id="t-1")).status_code == 202
    async with visitor.listen() as client:
        assert second.parts.hub.count(visitor.session_id) == 1
        assert first.parts.hub.count(visitor.session_id) == 0
        place = await publish(bus, reply(visitor.session_id, "t-1"))
        heard = await client.event()
    assert heard.id == place
    async with visitor.listen(place) as client:
        await publish(bus, reply(visitor.session_id, "t-2"))
        heard = await client.event()
        assert json.loads(heard.data)["turn_id"] == "t-2"


async def test_a_reply_is_asked_for_at_its_owner(
    pair: tuple[Replica, Replica], bus: MemoryBus
) -> None:
    visitor = await foreign(pair[0], 1)
    await publish(bus, reply(visitor.session_id, "t-1"))
    await until(lambda: pair[1].parts.window.replies)
    assert (await visitor.reply_to("t-1")).json()["text"] == "It is on its way."
    missing = await visitor.reply_to("t-2")
    assert missing.status_code == 404
    assert missing.headers["content-type"] == "application/problem+json"


async def test_each_reply_is_read_by_one_replica(
    pair: tuple[Replica, Replica], bus: MemoryBus
) -> None:
    for number in range(24):
        await publish(bus, reply(f"s-{number}", "t-1"))
    await until(lambda: sum(one.parts.window.replies for one in pair) >= 24)
    # What one replica read too much comes as soon as the rest.
    await asyncio.sleep(0.2)
    assert [one.parts.window.replies for one in pair].count(0) == 0
    assert sum(one.parts.window.replies for one in pair) == 24


async def test_a_request_is_handed_over_once(pair: tuple[Replica, Replica]) -> None:
    visitor = await foreign(pair[0], 1)
    headers = visitor.headers | {MARK: "1"}
    for path in ("/events", "/turns/t-1"):
        response = await visitor.http.get(visitor.path + path, headers=headers)
        assert response.status_code == 503
        assert response.json()["type"] == "urn:tierwise:problem:unavailable"


async def test_an_owner_that_is_away_is_unavailable(shop: Shop, bus: MemoryBus) -> None:
    ports = free_port(), free_port()
    peers = tuple(f"http://127.0.0.1:{port}" for port in ports)
    async with on_socket(shop, bus, http_port=ports[0], replica=0, peers=peers) as alone:
        visitor = await foreign(alone, 1)
        response = await visitor.http.get(f"{visitor.path}/events", headers=visitor.headers)
    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"


async def test_a_replica_that_stops_ends_foreign_streams_with_a_hint(
    pair: tuple[Replica, Replica],
) -> None:
    visitor = await foreign(pair[0], 1)
    async with visitor.listen() as client:
        pair[0].stop.set()
        assert await client.until_retry() >= 1_000
        assert await client.next() is None


async def test_an_owner_that_stops_ends_its_streams_elsewhere(
    pair: tuple[Replica, Replica],
) -> None:
    visitor = await foreign(pair[0], 1)
    async with visitor.listen() as client:
        pair[1].stop.set()
        assert await client.until_retry() >= 1_000


def test_the_replicas_divide_the_partitions() -> None:
    rings = [Ring(12, replica, 5) for replica in range(5)]
    assert sorted(number for ring in rings for number in ring.mine) == list(range(12))
    for session in ("a", "b", "s-17"):
        (owner,) = {ring.owner(session) for ring in rings}
        assert rings[owner].partition(session) in rings[owner].mine


@pytest.mark.parametrize(("partitions", "replica", "replicas"), [(12, 2, 2), (2, 0, 3)])
def test_a_replica_without_work_is_a_mistake(partitions: int, replica: int, replicas: int) -> None:
    with pytest.raises(ValueError, match="replica"):
        Ring(partitions, replica, replicas)
