"""Two gateway processes on a real broker: killed, stopped, and cut off from it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from suites.web_client import Visit, reply, visit

from bus.kafka import KafkaBus
from bus.port import Producer
from devkit.stack.progress import Steps
from devkit.stack.services import Plan
from devkit.stack.stack import Stack
from events.partition import partition_of
from events.topics import EGRESS, INGRESS
from events.turn import Said
from events.wire import decode_keyed, encode

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """Started outside any test's event loop; each test leaves both replicas and the broker up."""
    plan = Plan(services=("gateway",), replicas={"gateway": 2})
    running = Stack(plan=plan, steps=Steps(quiet=True))
    asyncio.run(running.start())
    yield running
    asyncio.run(running.stop())


@pytest.fixture
async def http(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=stack.gateway_url, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture
async def tier(stack: Stack) -> AsyncIterator[Producer]:
    """What a tier's worker would publish its replies with."""
    async with KafkaBus(stack.bootstrap).producer("a-tier") as producer:
        yield producer


async def visit_of(http: httpx.AsyncClient, stack: Stack, owner: int) -> Visit:
    """A session at the first replica whose replies replica `owner` reads."""
    while True:
        visitor = await visit(http)
        if partition_of(visitor.session_id.encode(), stack.partitions) % 2 == owner:
            return visitor


async def stored(stack: Stack, visitor: Visit) -> Said:
    """The first turn of the visitor's session in chat.ingress."""
    async with KafkaBus(stack.bootstrap).tail(INGRESS, since_ms=0) as ingress, asyncio.timeout(10):
        while True:
            for record in await ingress.poll():
                if record.key == visitor.session_id.encode():
                    return decode_keyed(Said, record.key, record.value, record.headers)


async def answer(tier: Producer, visitor: Visit, turn_id: str) -> str:
    receipt = await tier.send(EGRESS, encode(reply(visitor.session_id, turn_id), "a-tier"))
    return f"{receipt.partition}-{receipt.offset}"


@pytest.mark.parametrize("owner", [0, 1], ids=["own", "foreign"])
async def test_a_turn_goes_out_and_its_reply_comes_back(
    stack: Stack, http: httpx.AsyncClient, tier: Producer, owner: int
) -> None:
    visitor = await visit_of(http, stack, owner)
    assert (await visitor.say("Where is my order?", turn_id="t-1")).status_code == 202
    said = await stored(stack, visitor)
    assert (said.session_id, said.turn_id) == (visitor.session_id, "t-1")
    async with visitor.listen() as client:
        place = await answer(tier, visitor, "t-1")
        heard = await client.event()
    assert heard.id == place
    assert json.loads(heard.data)["turn_id"] == "t-1"


@pytest.mark.parametrize("owner", [0, 1], ids=["own", "foreign"])
async def test_a_client_resumes_after_its_replica_was_killed(
    stack: Stack, http: httpx.AsyncClient, tier: Producer, owner: int
) -> None:
    visitor = await visit_of(http, stack, owner)
    async with visitor.listen() as client:
        await answer(tier, visitor, "t-1")
        last = (await client.event()).id
        await stack.of("gateway")[owner].kill()
    await answer(tier, visitor, "t-2")
    await answer(tier, visitor, "t-2")
    await stack.of("gateway")[owner].restart()
    async with visitor.listen(last) as client:
        assert json.loads((await client.event()).data)["turn_id"] == "t-2"
        await answer(tier, visitor, "t-3")
        assert json.loads((await client.event()).data)["turn_id"] == "t-3"


async def test_a_replica_that_is_stopped_says_when_to_come_back(
    stack: Stack, http: httpx.AsyncClient
) -> None:
    visitor = await visit_of(http, stack, 0)
    async with visitor.listen() as client:
        started = time.monotonic()
        stopping = asyncio.create_task(stack.of("gateway")[0].stop())
        assert await client.until_retry() >= 1_000
        await stopping
        assert time.monotonic() - started < 10  # it is killed after fifteen
    await stack.of("gateway")[0].restart()


async def test_nothing_is_taken_while_the_broker_is_away(
    stack: Stack, http: httpx.AsyncClient, tier: Producer
) -> None:
    visitor = await visit(http)
    assert (await visitor.say("before")).status_code == 202
    async with visitor.listen() as client:
        await stack.kafka.kill()
        for _ in range(3):
            started = time.monotonic()
            refused = await visitor.say("during", turn_id="t-1")
            assert refused.status_code == 503
            assert time.monotonic() - started < 8  # two seconds for an acknowledgement
        await stack.kafka.restart()
        async with asyncio.timeout(30):
            while (await visitor.say("during", turn_id="t-1")).status_code != 202:
                await asyncio.sleep(0.5)
        await answer(tier, visitor, "t-1")
        assert json.loads((await client.event(20)).data)["turn_id"] == "t-1"
