"""One trace from the frontend through every hop to egress, on every route of the system."""

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import httpx
import pytest
import pytest_asyncio
from suites.topology import ROUTES, Expected, Route, shape_of
from suites.web_client import visit
from suites.whole_system import System

from bus.kafka import KafkaBus
from devkit.frontend import Frontend
from devkit.trace.collector import Span
from events.reply import Reply
from events.topics import EGRESS, INGRESS
from events.wire import decode

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

WORD = re.compile(r"\w+")
RUN = 4
"""So many words in a row are a customer's or a reply's own; fewer may be a name of something."""


@dataclass(frozen=True)
class Traced:
    """A turn, its reply, and the spans of its trace. `root` is the frontend's own span."""

    trace: str
    root: str
    reply: Reply
    traceparent: str
    spans: Sequence[Span]


async def traced(system: System, route: Route) -> Traced:
    """Say a turn under a trace of our own, and wait until all of it has come."""
    frontend = Frontend.load(system.stack.project, "demo")
    session, trace, root = f"e2e-{uuid.uuid4().hex}", uuid.uuid4().hex, uuid.uuid4().hex[:16]
    said = frontend.said(session, "t-1", route.text, customer_id=route.customer)
    message = frontend.message(said)
    headers = message.headers | {"traceparent": f"00-{trace}-{root}-01".encode()}
    bus = KafkaBus(system.stack.bootstrap)
    async with bus.tail(EGRESS) as egress, bus.producer("e2e") as producer:
        await producer.send(INGRESS, replace(message, headers=headers))
        for _ in range(100):
            for record in await egress.poll(timeout_s=0.2):
                if record.key == session.encode():
                    reply = decode(Reply, record.value, record.headers)
                    parent = record.headers["traceparent"].decode()
                    spans = await system.collector.until(trace, whole(route.expected))
                    return Traced(trace, root, reply, parent, spans)
    raise AssertionError("no reply")


def whole(expected: Sequence[Expected]) -> Callable[[list[Span]], bool]:
    """Whether every span has come: each process exports in its own time."""
    return lambda spans: all(
        any(one.fits(span.name, span.service) for span in spans) for one in expected
    )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def traces(system: System) -> Mapping[str, Traced]:
    """One turn of each route; the first of them meet a cold system."""
    return {name: await traced(system, route) for name, route in ROUTES.items()}


@pytest.mark.parametrize("name", ROUTES)
async def test_a_routes_spans_are_those_of_the_topology(
    traces: Mapping[str, Traced], name: str
) -> None:
    route, found = ROUTES[name], traces[name]
    assert found.reply.degraded == ()
    by_name = {span.name: span for span in found.spans}
    ids = {None: found.root} | {span.name: span.span_id for span in found.spans}
    unexpected = [
        f"{span.service}: {span.name}"
        for span in found.spans
        if not any(one.fits(span.name, span.service) for one in route.expected)
    ]
    assert unexpected == []
    for one in route.expected:
        fitting = [span for span in found.spans if one.fits(span.name, span.service)]
        assert len(fitting) == 1 or one.many, one.name
        assert {span.parent_id for span in fitting} == {ids[one.parent]}, one.name
    version, trace, parent, _flags = found.traceparent.split("-")
    assert (version, trace, parent) == ("00", found.trace, by_name[f"send {EGRESS}"].span_id)


@pytest.mark.parametrize("name", ROUTES)
async def test_a_routes_spans_say_what_the_conventions_ask(
    traces: Mapping[str, Traced], name: str
) -> None:
    found = traces[name]
    for span in found.spans:
        shape = shape_of(span.name)
        assert span.kind == shape.kind, span.name
        assert {**span.tags, **shape.equal} == span.tags, span.name
        assert shape.present <= span.tags.keys(), span.name
        assert "error.type" not in span.tags, span.name


@pytest.mark.parametrize("name", ROUTES)
async def test_no_words_of_a_turn_are_in_its_spans(traces: Mapping[str, Traced], name: str) -> None:
    found = traces[name]
    told = " ".join(WORD.findall(str(found.spans).lower()))
    for text in (ROUTES[name].text, found.reply.text):
        words = WORD.findall(text.lower())
        runs = [" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1)]
        assert runs
        assert [run for run in runs if run in told] == []


def from_the_gateway(spans: list[Span]) -> bool:
    """Whether the spans of the gateway have come too."""
    request = any(span.kind == "SERVER" for span in spans)
    sent = "send chat.ingress" in {span.name for span in spans}
    return request and sent and whole(ROUTES["template"].expected)(spans)


async def test_the_gateways_request_is_the_root(system: System) -> None:
    base = system.stack.gateway_url
    async with httpx.AsyncClient(base_url=base, timeout=30, trust_env=False) as http:
        visitor = await visit(http)
        taken = (await visitor.say("What are your opening hours?", turn_id="t-1")).json()
    found = await system.collector.until(taken["trace_id"], from_the_gateway)
    spans = {span.name: span for span in found}
    request = next(span for span in found if span.kind == "SERVER")
    assert request.parent_id is None
    assert (request.service, spans["send chat.ingress"].service) == ("gateway", "gateway")
    assert spans["send chat.ingress"].parent_id == request.span_id
    assert spans["process chat.ingress"].parent_id == spans["send chat.ingress"].span_id
