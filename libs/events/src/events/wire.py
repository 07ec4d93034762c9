"""Bytes and headers: JSON bodies in CloudEvents 1.0 binary mode (Kafka protocol binding)."""

import json
import uuid
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from events.control import Control
from events.handoff import Handoff
from events.preview import Preview
from events.reply import Reply
from events.turn import Said, Turn

TYPES: dict[type[BaseModel], str] = {
    Said: "chat.turn.v1",
    Turn: "chat.route.v1",
    Reply: "chat.reply.v1",
    Preview: "chat.preview.v1",
    Control: "chat.control.v1",
    Handoff: "chat.handoff.v1",
}
"""One versioned event type a model. A new version is a new type; readers refuse unknown ones."""

Model = TypeVar("Model", Said, Turn, Reply, Preview, Control, Handoff)


class Undecodable(ValueError):
    """Bytes that are no event of the expected type. `reason` is a stable code for the DLQ."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True)
class Message:
    """What goes on a topic: key, JSON bytes, headers (name to UTF-8 bytes)."""

    key: bytes
    value: bytes
    headers: dict[str, bytes] = field(default_factory=dict)


def encode(event: Said | Turn | Reply | Preview | Control | Handoff, source: str) -> Message:
    """An event as a message. `source` names the service: it becomes `ce_source`."""
    body = event.public() if isinstance(event, Reply) else event
    headers = {
        "ce_specversion": b"1.0",
        "ce_id": uuid.uuid4().hex.encode(),
        "ce_type": TYPES[type(event)].encode(),
        "ce_source": f"/tierwise/{source}".encode(),
        "content-type": b"application/json",
    }
    if isinstance(event, Control):
        return Message(event.key.encode(), body.model_dump_json().encode(), headers)
    headers["ce_turnid"] = event.turn_id.encode()
    value = body.model_dump_json(exclude_none=True).encode()
    return Message(event.session_id.encode(), value, headers)


def _check_headers(headers: dict[str, bytes], expected: str) -> None:
    if headers.get("ce_specversion") != b"1.0":
        raise Undecodable("not_cloudevents", "the header ce_specversion must be 1.0")
    found = headers.get("ce_type", b"").decode("utf-8", "replace")
    if found != expected:
        raise Undecodable("wrong_type", f"ce_type is {found or 'missing'}, expected {expected}")


def _explain(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return f"{'.'.join(str(part) for part in first['loc']) or 'body'}: {first['msg']}"


def decode(model: type[Model], value: bytes | None, headers: dict[str, bytes]) -> Model:
    """The event in a message. Raises Undecodable with what is wrong and what was expected."""
    _check_headers(headers, TYPES[model])
    try:
        return model.model_validate_json(value or b"")
    except ValidationError as error:
        broken = any(item["type"] == "json_invalid" for item in error.errors())
        raise Undecodable("invalid_json" if broken else "invalid_event", _explain(error)) from error


def decode_keyed(
    model: type[Model], key: bytes | None, value: bytes | None, headers: dict[str, bytes]
) -> Model:
    """As `decode`, for topics of turns: the key must be there and be the body's session id."""
    if not key:
        raise Undecodable("no_key", "the record has no key; it must be the session id")
    event = decode(model, value, headers)
    session = getattr(event, "session_id", None)
    if session is not None and key != session.encode():
        raise Undecodable("wrong_key", "the record's key is not the session id in its body")
    return event


def turn_id_of(headers: dict[str, bytes], value: bytes | None) -> str | None:
    """The turn id of a record that may be broken, for logs and the DLQ."""
    if found := headers.get("ce_turnid"):
        return found.decode("utf-8", "replace")
    try:
        body = json.loads(value or b"")
    except ValueError:
        return None
    found_id = body.get("turn_id") if isinstance(body, dict) else None
    return found_id if isinstance(found_id, str) else None
