"""The two spans of a hop: `send {topic}` where it leaves, `process {topic}` where it arrives."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol, TypeVar

from opentelemetry import metrics, trace
from opentelemetry.trace import Link, Span, SpanKind

from events.wire import Message
from telemetry.names import Attribute, Metric
from telemetry.propagation import context_of, stamped
from telemetry.trace import tracer

_sent = metrics.get_meter("tierwise").create_counter(Metric.SENT, unit="{message}")

R_co = TypeVar("R_co", bound="Stored", covariant=True)


class Stored(Protocol):
    """An acknowledgement that says where the message stands."""

    @property
    def partition(self) -> int:
        """The partition's number."""
        ...

    @property
    def offset(self) -> int:
        """The offset in the partition."""
        ...


class Sends(Protocol[R_co]):
    """What can send a message."""

    async def send(self, topic: str, message: Message, *, timeout_s: float = 10.0) -> R_co:
        """Send and wait for the acknowledgement."""
        ...


def _attributes(topic: str, operation: str) -> dict[str, str | int]:
    return {
        Attribute.SYSTEM: "kafka",
        Attribute.DESTINATION: topic,
        Attribute.OPERATION_NAME: operation,
        Attribute.OPERATION_TYPE: operation,
    }


async def send(
    producer: Sends[R_co], topic: str, message: Message, *, timeout_s: float = 10.0
) -> R_co:
    """Send under a PRODUCER span that the message carries. Raises what the producer raises."""
    attributes = _attributes(topic, "send")
    with tracer.start_as_current_span(
        f"send {topic}", kind=SpanKind.PRODUCER, attributes=attributes
    ) as span:
        outgoing = replace(message, headers=stamped(message.headers))
        receipt = await producer.send(topic, outgoing, timeout_s=timeout_s)
        if span.is_recording():
            span.set_attribute(Attribute.PARTITION, str(receipt.partition))
            span.set_attribute(Attribute.OFFSET, receipt.offset)
    _sent.add(1, {Attribute.DESTINATION: topic})
    return receipt


@contextmanager
def processing(
    topic: str, partition: int, offset: int, headers: Mapping[str, bytes], *, group: str
) -> Iterator[Span]:
    """A CONSUMER span around the work on one record: child of the message, and linked to it."""
    parent = context_of(headers)
    origin = trace.get_current_span(parent).get_span_context()
    attributes = _attributes(topic, "process") | {
        Attribute.PARTITION: str(partition),
        Attribute.OFFSET: offset,
        Attribute.GROUP: group,
    }
    with tracer.start_as_current_span(
        f"process {topic}",
        context=parent,
        kind=SpanKind.CONSUMER,
        attributes=attributes,
        links=[Link(origin)] if origin.is_valid else None,
    ) as span:
        yield span
