"""The wire format: what is encoded is decoded again, and broken bytes say what is wrong."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from suites import strategies as some

from events.control import Control
from events.handoff import Handoff
from events.preview import Preview
from events.reply import Reply, Status
from events.turn import Said, Turn
from events.wire import TYPES, Undecodable, decode, decode_keyed, encode, turn_id_of

SAID = Said(session_id="s-1", turn_id="t-1", text="hello", envelope="a.b.c")


@given(some.saids)
def test_what_a_customer_said_survives(said: Said) -> None:
    sent = encode(said, "test")
    assert decode_keyed(Said, sent.key, sent.value, sent.headers) == said


@given(some.turns)
def test_a_routed_turn_survives(turn: Turn) -> None:
    sent = encode(turn, "test")
    assert decode_keyed(Turn, sent.key, sent.value, sent.headers) == turn


@given(some.replies)
def test_a_reply_survives_without_what_it_leaves(reply: Reply) -> None:
    sent = encode(reply, "test")
    assert decode_keyed(Reply, sent.key, sent.value, sent.headers) == reply.public()
    assert "leaves" not in json.loads(sent.value)


@given(some.previews)
def test_a_preview_survives(preview: Preview) -> None:
    sent = encode(preview, "test")
    assert decode_keyed(Preview, sent.key, sent.value, sent.headers) == preview


@given(some.handoffs)
def test_a_handoff_survives(handoff: Handoff) -> None:
    sent = encode(handoff, "test")
    assert decode_keyed(Handoff, sent.key, sent.value, sent.headers) == handoff


@given(some.controls)
def test_a_control_entry_survives_under_its_own_key(control: Control) -> None:
    sent = encode(control, "test")
    assert sent.key == f"{control.kind}/{control.subject}/{control.by}".encode()
    assert decode(Control, sent.value, sent.headers) == control


def test_headers_are_cloudevents_in_binary_mode() -> None:
    first, second = encode(SAID, "gateway"), encode(SAID, "gateway")
    assert first.headers | {"ce_id": b""} == {
        "ce_specversion": b"1.0",
        "ce_id": b"",
        "ce_type": b"chat.turn.v1",
        "ce_source": b"/tierwise/gateway",
        "ce_turnid": b"t-1",
        "content-type": b"application/json",
    }
    assert first.headers["ce_id"] != second.headers["ce_id"]
    assert first.key == b"s-1"


def test_a_refused_turn_has_no_number_and_its_reply_is_read_all_the_same() -> None:
    refused = Turn(**dict(SAID), asked_at=1).reply("no", status=Status.REFUSED, reason="too_long")
    sent = encode(refused, "classifier")
    assert "turn_no" not in json.loads(sent.value)
    assert decode(Reply, sent.value, sent.headers).turn_no is None


def test_every_event_type_is_versioned_and_its_own() -> None:
    assert len(set(TYPES.values())) == len(TYPES)
    assert all(name.startswith("chat.") and name.endswith(".v1") for name in TYPES.values())


def altered(**changes: Any) -> bytes:
    body = {**SAID.model_dump(exclude_none=True), **changes}
    return json.dumps({k: v for k, v in body.items() if v is not ...}).encode()


GOOD_HEADERS: Mapping[str, bytes] = {"ce_specversion": b"1.0", "ce_type": b"chat.turn.v1"}


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "not_cloudevents"),
        ({"ce_type": b"chat.turn.v1"}, "not_cloudevents"),
        ({"ce_specversion": b"0.3", "ce_type": b"chat.turn.v1"}, "not_cloudevents"),
        ({"ce_specversion": b"1.0"}, "wrong_type"),
        ({"ce_specversion": b"1.0", "ce_type": b"chat.turn.v2"}, "wrong_type"),
        ({"ce_specversion": b"1.0", "ce_type": b"chat.reply.v1"}, "wrong_type"),
        ({"ce_specversion": b"1.0", "ce_type": b"\xff"}, "wrong_type"),
    ],
)
def test_wrong_headers_are_refused(headers: dict[str, bytes], reason: str) -> None:
    with pytest.raises(Undecodable) as caught:
        decode(Said, altered(), headers)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "invalid_json"),
        (b"", "invalid_json"),
        (b"{", "invalid_json"),
        (b"\xff\xfe", "invalid_json"),
        (b'{"text": "\\ud800"}', "invalid_json"),
        (b"null", "invalid_event"),
        (b"[]", "invalid_event"),
        (altered(text=""), "invalid_event"),
        (altered(text=...), "invalid_event"),
        (altered(text=5), "invalid_event"),
        (altered(turn_no=0), "invalid_event"),
        (altered(turn_no=-1), "invalid_event"),
        (altered(turn_no=2**31), "invalid_event"),
        (altered(session_id=""), "invalid_event"),
        (altered(session_id="s 1"), "invalid_event"),
        (altered(session_id="s-1\n"), "invalid_event"),
        (altered(turn_id="x" * 65), "invalid_event"),
        (altered(turn_id="日"), "invalid_event"),
        (altered(envelope=""), "invalid_event"),
        (altered(envelope="x" * 4097), "invalid_event"),
        (altered(envelope=...), "invalid_event"),
    ],
)
def test_wrong_bodies_are_refused(value: bytes | None, reason: str) -> None:
    with pytest.raises(Undecodable) as caught:
        decode(Said, value, dict(GOOD_HEADERS))
    assert caught.value.reason == reason
    assert str(caught.value)


def test_an_explanation_names_the_field_and_not_the_customers_words() -> None:
    with pytest.raises(Undecodable, match="turn_no") as caught:
        decode(Said, altered(turn_no="my secret"), dict(GOOD_HEADERS))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "reason"), [(None, "no_key"), (b"", "no_key"), (b"s-2", "wrong_key")]
)
def test_a_topic_of_turns_is_keyed_by_session(key: bytes | None, reason: str) -> None:
    with pytest.raises(Undecodable) as caught:
        decode_keyed(Said, key, altered(), dict(GOOD_HEADERS))
    assert caught.value.reason == reason


@given(st.binary(max_size=200))
def test_bytes_that_are_no_event_are_undecodable(value: bytes) -> None:
    with pytest.raises(Undecodable) as caught:
        decode(Said, value, dict(GOOD_HEADERS))
    assert caught.value.reason in {"invalid_json", "invalid_event"}


def test_fields_of_a_later_version_are_ignored() -> None:
    assert decode(Said, altered(mood="fine"), dict(GOOD_HEADERS)) == SAID


@pytest.mark.parametrize(
    ("headers", "value", "found"),
    [
        ({"ce_turnid": b"t-9"}, b"{", "t-9"),
        ({}, altered(), "t-1"),
        ({}, b"{", None),
        ({}, b"[]", None),
        ({}, altered(turn_id=5), None),
        ({}, None, None),
    ],
)
def test_the_turn_id_of_a_broken_record(
    headers: dict[str, bytes], value: bytes | None, found: str | None
) -> None:
    assert turn_id_of(headers, value) == found
