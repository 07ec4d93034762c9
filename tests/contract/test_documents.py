"""The AsyncAPI document and the schemas: current, whole, and true of what the code does."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from suites import strategies as some

from devkit.contracts import examples
from devkit.contracts.command import stale, write
from events.control import Control
from events.handoff import Handoff
from events.preview import Preview
from events.reply import Reply
from events.topics import TOPICS
from events.turn import Said, Turn
from events.wire import TYPES, Undecodable, decode, encode

DOCS = Path(__file__).parents[2] / "docs"
DOCUMENT: dict[str, Any] = yaml.safe_load((DOCS / "asyncapi.yaml").read_text(encoding="utf-8"))
MESSAGES: dict[str, Any] = DOCUMENT["components"]["messages"]

EVENTS = (
    examples.said(),
    examples.turn(),
    examples.reply(),
    examples.preview(),
    examples.control(),
    examples.handoff(),
)


def checker(name: str) -> jsonschema.Draft7Validator:
    schema = json.loads((DOCS / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


CHECKERS = {model: checker(name) for model, name in TYPES.items()}


def test_the_checked_in_files_are_what_the_models_say() -> None:
    assert stale(DOCS) == [], "run `tierwise contracts`"


def test_a_stale_file_and_a_leftover_are_noticed_and_put_right(tmp_path: Path) -> None:
    write(tmp_path)
    assert stale(tmp_path) == []
    (tmp_path / "asyncapi.yaml").write_text("asyncapi: 3.0.0\n")
    (tmp_path / "schemas" / "chat.old.v1.schema.json").write_text("{}")
    assert stale(tmp_path) == ["asyncapi.yaml", "schemas/chat.old.v1.schema.json"]
    write(tmp_path)
    assert stale(tmp_path) == []


def test_every_topic_is_a_channel_with_its_settings() -> None:
    channels = {channel["address"]: channel for channel in DOCUMENT["channels"].values()}
    assert channels.keys() == {spec.name for spec in TOPICS}
    for spec in TOPICS:
        kafka = channels[spec.name]["bindings"]["kafka"]
        assert kafka.get("partitions") == spec.partitions
        for name, value in spec.config.items():
            assert str(kafka["topicConfiguration"][name]).strip("[]'") == value


def resolved(reference: str) -> Any:
    path, _, pointer = reference.partition("#")
    node = json.loads((DOCS / path).read_text()) if path else DOCUMENT
    for step in pointer.split("/")[1:]:
        node = node[step]
    return node


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [ref for value in node.values() for ref in references(value)]
    return [ref for value in node for ref in references(value)] if isinstance(node, list) else []


def test_every_reference_leads_somewhere() -> None:
    found = references(DOCUMENT)
    assert len(found) > 40
    for reference in found:
        assert resolved(reference)


def test_every_channel_is_written_and_read_by_an_operation() -> None:
    used = {operation["channel"]["$ref"] for operation in DOCUMENT["operations"].values()}
    assert used == {f"#/channels/{name}" for name in DOCUMENT["channels"]}
    for operation in DOCUMENT["operations"].values():
        assert operation["action"] in {"send", "receive"}
        (message,) = operation["messages"]
        assert message["$ref"].startswith(operation["channel"]["$ref"] + "/messages/")


def test_every_event_type_is_a_message() -> None:
    assert {message["name"] for message in MESSAGES.values()} == {*TYPES.values(), "dead-letter"}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_the_examples_are_valid_and_are_what_the_code_sends(
    event: Said | Turn | Reply | Preview | Control | Handoff,
) -> None:
    name = TYPES[type(event)]
    (message,) = [one for one in MESSAGES.values() if one["name"] == name]
    (example,) = message["examples"]
    CHECKERS[type(event)].validate(example["payload"])
    jsonschema.Draft7Validator(message["headers"]).validate(example["headers"])
    sent = examples.message(event)
    assert example["payload"] == json.loads(sent.value)
    assert example["headers"].keys() == sent.headers.keys()
    key = message["bindings"]["kafka"]["key"]
    jsonschema.Draft7Validator(key).validate(sent.key.decode())


def test_the_headers_of_a_dead_letter_are_all_described() -> None:
    headers = examples.dead_letter().headers
    jsonschema.Draft7Validator(MESSAGES["deadLetter"]["headers"]).validate(
        {name: value.decode() for name, value in headers.items()}
    )
    described = MESSAGES["deadLetter"]["headers"]["properties"]
    assert described.keys() == {name for name in headers if name.startswith("dlq_")}


@given(some.saids)
def test_whatever_is_said_fits_its_schema(event: Said) -> None:
    CHECKERS[Said].validate(json.loads(encode(event, "test").value))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(some.turns)
def test_whatever_is_routed_fits_its_schema(event: Turn) -> None:
    CHECKERS[Turn].validate(json.loads(encode(event, "test").value))


@given(some.replies)
def test_whatever_is_replied_fits_its_schema(event: Reply) -> None:
    CHECKERS[Reply].validate(json.loads(encode(event, "test").value))


@given(some.controls)
def test_whatever_is_controlled_fits_its_schema(event: Control) -> None:
    CHECKERS[Control].validate(json.loads(encode(event, "test").value))


@given(some.handoffs)
def test_whatever_is_handed_off_fits_its_schema(event: Handoff) -> None:
    CHECKERS[Handoff].validate(json.loads(encode(event, "test").value))


GOOD = json.loads(encode(examples.said(), "test").value)


@pytest.mark.parametrize(
    "change",
    [
        {"text": ""},
        {"text": 5},
        {"turn_no": 0},
        {"turn_no": 2**31},
        {"session_id": "s 1"},
        {"turn_id": ""},
        {"turn_id": "x" * 65},
        {"envelope": ""},
        {"envelope": "x" * 4097},
    ],
)
def test_what_the_schema_of_a_turn_refuses_the_code_refuses(change: dict[str, Any]) -> None:
    body = GOOD | change
    assert not CHECKERS[Said].is_valid(body)
    headers = encode(examples.said(), "test").headers
    with pytest.raises(Undecodable):
        decode(Said, json.dumps(body).encode(), headers)


@pytest.mark.parametrize("field", ["session_id", "turn_id", "text", "envelope"])
def test_schema_and_code_require_the_same_fields(field: str) -> None:
    body = {name: value for name, value in GOOD.items() if name != field}
    assert not CHECKERS[Said].is_valid(body)
    with pytest.raises(Undecodable):
        decode(Said, json.dumps(body).encode(), encode(examples.said(), "test").headers)


def test_what_a_reply_leaves_is_no_part_of_its_contract() -> None:
    text = (DOCS / "schemas" / "chat.reply.v1.schema.json").read_text()
    assert "leaves" not in json.loads(text)["properties"]
    assert "Context" not in json.loads(text)["definitions"]
