"""The two spans of a hop: parents, links, attributes, and what a failure leaves on them."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode
from suites.tracing import Spans, ids, parent_ids, recording

from bus.memory import MemoryBus
from bus.port import TooLarge
from bus.record import Record
from events.topics import EGRESS, INGRESS
from events.wire import Message
from telemetry.messaging import processing, send
from telemetry.names import Attribute

MESSAGE = Message(b"s-1", b"{}", {"ce_id": b"1"})


@pytest.fixture
def spans() -> Iterator[Spans]:
    with recording() as recorded:
        yield recorded


async def sent(bus: MemoryBus, topic: str, message: Message = MESSAGE) -> Record:
    async with bus.producer("test") as producer:
        await send(producer, topic, message)
    return bus.records(topic)[-1]


def work(record: Record, group: str = "template") -> None:
    place = (record.topic, record.partition, record.offset)
    with processing(*place, record.headers, group=group):
        pass


async def test_a_send_says_where_the_message_stands(spans: Spans) -> None:
    record = await sent(MemoryBus(), INGRESS)
    span = spans.only(f"send {INGRESS}")
    assert span.kind == SpanKind.PRODUCER
    assert dict(span.attributes or {}) == {
        "messaging.system": "kafka",
        "messaging.destination.name": INGRESS,
        "messaging.operation.name": "send",
        "messaging.operation.type": "send",
        "messaging.destination.partition.id": str(record.partition),
        "messaging.kafka.offset": record.offset,
    }


async def test_processing_is_the_child_of_the_message_and_linked_to_it(spans: Spans) -> None:
    work(await sent(MemoryBus(), INGRESS))
    sending, working = spans.only(f"send {INGRESS}"), spans.only(f"process {INGRESS}")
    assert working.kind == SpanKind.CONSUMER
    assert parent_ids(working) == ids(sending)
    (link,) = working.links
    assert (link.context.trace_id, link.context.span_id) == ids(sending)
    assert (working.attributes or {})[Attribute.GROUP] == "template"


def test_processing_without_a_context_begins_a_trace(spans: Spans) -> None:
    work(Record(INGRESS, 0, 7, 0, b"s-1", b"{}", {}))
    working = spans.only(f"process {INGRESS}")
    assert parent_ids(working) is None
    assert not working.links


def test_processing_is_current_inside_and_over_after(spans: Spans) -> None:
    before = trace.get_current_span()
    with processing(INGRESS, 0, 7, {}, group="classifier") as span:
        assert trace.get_current_span() is span
    assert trace.get_current_span() is before
    assert len(spans.all()) == 1


async def test_two_hops_make_one_trace_with_the_right_parents(spans: Spans) -> None:
    bus = MemoryBus()
    first = await sent(bus, INGRESS)
    with processing(INGRESS, first.partition, first.offset, first.headers, group="classifier"):
        # Forwarded as it came, with the first hop's context still in its headers.
        forwarded = Message(first.key or b"", first.value or b"", first.headers)
        second = await sent(bus, EGRESS, forwarded)
    work(second)
    chain = ["send chat.ingress", "process chat.ingress", "send chat.egress", "process chat.egress"]
    found = [spans.only(name) for name in chain]
    assert len({ids(span)[0] for span in found}) == 1
    assert parent_ids(found[0]) is None
    for parent, child in pairwise(found):
        assert parent_ids(child) == ids(parent)


async def test_two_messages_of_one_span_are_siblings(spans: Spans) -> None:
    bus = MemoryBus()
    with processing(INGRESS, 0, 0, {}, group="classifier") as span:
        await sent(bus, EGRESS)
        await sent(bus, EGRESS)
    origin = span.get_span_context()
    sends = spans.named(f"send {EGRESS}")
    expected = (origin.trace_id, origin.span_id)
    assert [parent_ids(one) for one in sends] == [expected, expected]


async def test_a_failed_send_is_an_error_on_its_span(spans: Spans) -> None:
    big = Message(b"s-1", b"x" * 300_000, {})
    with pytest.raises(TooLarge):
        await sent(MemoryBus(), INGRESS, big)
    assert spans.only(f"send {INGRESS}").status.status_code == StatusCode.ERROR


def test_a_failure_in_the_work_is_an_error_on_its_span(spans: Spans) -> None:
    with pytest.raises(ZeroDivisionError), processing(INGRESS, 0, 0, {}, group="order"):
        _ = 1 / 0
    assert spans.only(f"process {INGRESS}").status.status_code == StatusCode.ERROR
