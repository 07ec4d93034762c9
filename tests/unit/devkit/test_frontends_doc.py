"""docs/frontends.md says what the code does: its example, its vectors, its tables."""

import json
import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from events.envelope import MAX_AGE_S, admit, body_hash, sign
from events.partition import murmur2, partition_of
from events.topics import DLQ, EGRESS, INGRESS, STREAM
from events.turn import MAX_TEXT_CHARACTERS, Said
from events.wire import TYPES, encode

PAGE = (Path(__file__).parents[3] / "docs" / "frontends.md").read_text()
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
TEXT = "Where is my order #ABC123"
ENVELOPE = sign(
    KEY,
    "example",
    session_id="s-1",
    turn_id="t-1",
    text=TEXT,
    issued_at=1767225600,
    customer_id="c-aiko",
)


def test_the_worked_example_is_what_sign_makes() -> None:
    signing_input, signature = ENVELOPE.rsplit(".", 1)
    assert signing_input in PAGE
    assert signature in PAGE
    assert body_hash(TEXT) in PAGE


def test_the_worked_example_is_admitted() -> None:
    said = Said(session_id="s-1", turn_id="t-1", text=TEXT, envelope=ENVELOPE)
    identity = admit(said, {"example": KEY.public_key()}.get, asked_at=1767225600_000)
    assert identity.customer_id == "c-aiko"


def test_the_vectors_of_the_partitioner() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| (\d+) \| (\d+) \|$", PAGE, re.M)
    assert len(rows) >= 4
    for key, hashed, partition in rows:
        assert murmur2(key.encode()) == int(hashed)
        assert partition_of(key.encode(), 12) == int(partition)


def test_every_header_of_a_turn_is_named() -> None:
    said = Said(session_id="s-1", turn_id="t-1", text=TEXT, envelope=ENVELOPE)
    for name in encode(said, "example").headers:
        assert f"| `{name}` |" in PAGE


def test_every_field_of_a_turn_is_named() -> None:
    for name in Said.model_fields:
        assert f"| `{name}` |" in PAGE
    body = re.search(r"```json\n(\{.*?\})\n```", PAGE, re.S)
    assert body
    assert set(json.loads(body.group(1))) == set(Said.model_fields)


@pytest.mark.parametrize("topic", [INGRESS, EGRESS, STREAM, DLQ])
def test_topics_are_named(topic: str) -> None:
    assert f"| `{topic}` |" in PAGE


def test_limits_are_the_codes() -> None:
    assert f"{MAX_TEXT_CHARACTERS:,} characters" in PAGE
    assert f"{MAX_AGE_S} s" in PAGE
    assert TYPES[Said] in PAGE


def _reasons_in(*names: str) -> set[str]:
    root = Path(__file__).parents[3] / "libs"
    texts = [(root / name).read_text() for name in names]
    return set(re.findall(r'(?:BadEnvelope|Undecodable)\(\s*"([a-z_]+)"', "".join(texts)))


def test_every_reason_of_a_dead_letter_is_explained() -> None:
    reasons = _reasons_in("events/src/events/envelope.py", "events/src/events/wire.py")
    reasons |= {"invalid_json", "invalid_event", "too_long", "turn_conflict", "bug"}
    assert len(reasons) >= 15
    for reason in reasons:
        assert re.search(rf"^\| `{reason}` \|", PAGE, re.M), reason
