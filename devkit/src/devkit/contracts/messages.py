"""The messages of the AsyncAPI document: headers, keys, payloads, one example each."""

import json
from dataclasses import dataclass
from typing import Any

from devkit.contracts import examples
from devkit.contracts.schema import DRAFT, Schema
from events.control import Control
from events.identifier import SESSION_PATTERN
from events.wire import TYPES, Message

TRACE_PATTERN = "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}"
REQUIRED = ("ce_specversion", "ce_type", "ce_id", "ce_source")

SESSION_KEY = {"type": "string", "pattern": SESSION_PATTERN, "description": "The session id."}
CONTROL_KEY = {"type": "string", "description": "kind/subject/by: the key of compaction."}

DESCRIBED = {
    "ce_specversion": "CloudEvents 1.0, binary mode.",
    "ce_type": "The type of the event with its version; a reader refuses others.",
    "ce_id": "Unique for every record.",
    "ce_source": "Who published the record.",
    "ce_turnid": "The turn id.",
    "content-type": "The body is JSON.",
    "traceparent": "W3C trace context.",
    "dlq_reason": "A stable code; docs/frontends.md lists them.",
    "dlq_detail": "One sentence: what was wrong, what was expected.",
    "dlq_service": "Who gave up on the record.",
    "dlq_topic": "The topic of the original record.",
    "dlq_partition": "Its partition.",
    "dlq_offset": "Its offset.",
    "dlq_timestamp_ms": "When the broker took it, in milliseconds.",
}


@dataclass(frozen=True)
class Kind:
    """One kind of message: its name in the document, its example, what it is."""

    name: str
    event_type: str
    example: Message
    summary: str


def kinds() -> tuple[Kind, ...]:
    """Every event type, and the dead letter."""
    rows = (
        ("turn", examples.said(), "What a customer said, as a registered frontend vouches."),
        ("route", examples.turn(), "A turn on its way to a tier, with all the tier needs."),
        ("reply", examples.reply(), "The terminal reply of a turn: full text, final."),
        ("preview", examples.preview(), "A sentence shown while a model still writes."),
        ("control", examples.control(), "An entry that overlays the classifier's choice."),
        ("handoff", examples.handoff(), "A conversation given to a person, or given back."),
    )
    return tuple(
        Kind(name, TYPES[type(event)], examples.message(event), summary)
        for name, event, summary in rows
    )


def documented() -> dict[str, Any]:
    """The `messages` of the document's components."""
    found = {kind.name: _message(kind) for kind in kinds()}
    return found | {"deadLetter": _dead_letter()}


def _message(kind: Kind) -> dict[str, Any]:
    key = CONTROL_KEY if kind.event_type == TYPES[Control] else SESSION_KEY
    return {
        "name": kind.event_type,
        "title": kind.event_type,
        "summary": kind.summary,
        "contentType": "application/json",
        "headers": _headers(kind),
        "payload": {"$ref": f"./schemas/{kind.event_type}.schema.json"},
        "bindings": {"kafka": {"key": key, "bindingVersion": "0.5.0"}},
        "examples": [
            {"headers": _texts(kind.example), "payload": json.loads(kind.example.value)},
        ],
    }


def _texts(message: Message) -> dict[str, str]:
    return {name: value.decode() for name, value in message.headers.items()}


def _headers(kind: Kind) -> Schema:
    fixed = {"ce_specversion", "ce_type", "content-type"}
    fields: dict[str, Schema] = {
        name: {"type": "string", "description": DESCRIBED[name]}
        | ({"const": value} if name in fixed else {})
        for name, value in _texts(kind.example).items()
    }
    if "ce_turnid" in fields:
        fields["ce_turnid"]["pattern"] = SESSION_PATTERN
    if "traceparent" in fields:
        fields["traceparent"]["pattern"] = TRACE_PATTERN
    return {"$schema": DRAFT, "type": "object", "required": [*REQUIRED], "properties": fields}


def _dead_letter() -> dict[str, Any]:
    letter = examples.dead_letter()
    names = [name for name in letter.headers if name.startswith("dlq_")]
    fields = {name: {"type": "string", "description": DESCRIBED[name]} for name in names}
    return {
        "name": "dead-letter",
        "title": "Dead letter",
        "summary": "A record that could not be processed: its own key, bytes and headers, and why.",
        "contentType": "application/octet-stream",
        "headers": {"$schema": DRAFT, "type": "object", "required": names, "properties": fields},
        "payload": {"$schema": DRAFT, "description": "The original bytes, whatever they are."},
        "bindings": {"kafka": {"key": {"description": "The original key."}}},
    }
