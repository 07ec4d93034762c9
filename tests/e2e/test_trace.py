"""One trace from the frontend through every hop to egress, each span the child of the right one."""

import uuid
from dataclasses import replace

import httpx
import pytest
from suites.web_client import visit
from suites.whole_system import System

from bus.kafka import KafkaBus
from bus.record import Record
from devkit.frontend import Frontend
from devkit.trace.collector import Span
from events.topics import EGRESS, INGRESS

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

LAST = "send chat.egress"


def by_name(spans: list[Span]) -> dict[str, Span]:
    """The spans of a turn that met no fault: each name once."""
    named = {span.name: span for span in spans}
    assert len(named) == len(spans), sorted(span.name for span in spans)
    return named


def whole(spans: list[Span]) -> bool:
    """Whether every span of the workers has come."""
    names = {span.name for span in spans}
    tiers = [name for name in names if name.startswith(("send chat.tier", "process chat.tier"))]
    return LAST in names and "process chat.ingress" in names and len(tiers) == 2


def from_the_gateway(spans: list[Span]) -> bool:
    """Whether the gateway's spans have come too: each process exports in its own time."""
    request = any(span.kind == "SERVER" for span in spans)
    return whole(spans) and request and "send chat.ingress" in {span.name for span in spans}


async def reply_to(system: System, bus: KafkaBus, message_session: str) -> Record:
    async with bus.tail(EGRESS, since_ms=0) as egress:
        for _ in range(100):
            for record in await egress.poll(timeout_s=0.2):
                if record.key == message_session.encode():
                    return record
    raise AssertionError("no reply")


@pytest.mark.parametrize(
    ("text", "tier"), [("What is your return policy?", "template"), ("Where is my order", "order")]
)
async def test_a_frontends_trace_goes_through_every_hop(
    system: System, text: str, tier: str
) -> None:
    frontend = Frontend.load(system.stack.project, "demo")
    session, trace, root = f"e2e-{uuid.uuid4().hex}", uuid.uuid4().hex, uuid.uuid4().hex[:16]
    said = frontend.said(session, "t-1", text, customer_id="c-aiko")
    message = frontend.message(said)
    headers = message.headers | {"traceparent": f"00-{trace}-{root}-01".encode()}
    bus = KafkaBus(system.stack.bootstrap)
    async with bus.producer("e2e") as producer:
        await producer.send(INGRESS, replace(message, headers=headers))
    reply = await reply_to(system, bus, session)
    spans = by_name(await system.collector.until(trace, whole))

    way = ["process chat.ingress", f"send chat.tier.{tier}", f"process chat.tier.{tier}", LAST]
    assert set(spans) == set(way)
    parents = [root, *(spans[name].span_id for name in way[:-1])]
    assert [spans[name].parent_id for name in way] == parents
    assert [spans[name].service for name in way] == ["classifier", "classifier", tier, tier]
    assert [spans[name].kind for name in way] == ["CONSUMER", "PRODUCER"] * 2
    version, trace_id, parent, _flags = reply.headers["traceparent"].decode().split("-")
    assert (version, trace_id, parent) == ("00", trace, spans[LAST].span_id)


async def test_the_gateways_request_is_the_root(system: System) -> None:
    base = system.stack.gateway_url
    async with httpx.AsyncClient(base_url=base, timeout=30, trust_env=False) as http:
        visitor = await visit(http)
        taken = (await visitor.say("What are your opening hours?", turn_id="t-1")).json()
    spans = by_name(await system.collector.until(taken["trace_id"], from_the_gateway))
    request = next(span for span in spans.values() if span.kind == "SERVER")
    assert request.parent_id is None
    assert (request.service, spans["send chat.ingress"].service) == ("gateway", "gateway")
    assert spans["send chat.ingress"].parent_id == request.span_id
    assert spans["process chat.ingress"].parent_id == spans["send chat.ingress"].span_id


async def test_no_words_of_a_customer_are_in_a_span(system: System) -> None:
    frontend = Frontend.load(system.stack.project, "demo")
    session, trace = f"e2e-{uuid.uuid4().hex}", uuid.uuid4().hex
    said = frontend.said(
        session, "t-1", "Where is order #ABC123 of xylophonist", customer_id="c-aiko"
    )
    message = frontend.message(said)
    headers = message.headers | {"traceparent": f"00-{trace}-{'1' * 16}-01".encode()}
    bus = KafkaBus(system.stack.bootstrap)
    async with bus.producer("e2e") as producer:
        await producer.send(INGRESS, replace(message, headers=headers))
    spans = await system.collector.until(trace, whole)
    assert "xylophonist" not in str(spans)
    assert "ABC123" not in str(spans)
