"""The envelope: what it vouches for, and every reason for which it is refused."""

import base64
from collections.abc import Mapping
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from events.envelope import (
    MAX_AGE_S,
    REASONS,
    Auth,
    BadEnvelope,
    Identity,
    admit,
    body_hash,
    identify,
    sign,
)
from events.turn import Said

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
NOW_S = 1_767_225_600
TEXT = "Where is my order?"

GOOD: Mapping[str, Any] = {
    "iss": "web",
    "sid": "s-1",
    "tid": "t-1",
    "auth": "visitor",
    "bh": body_hash(TEXT),
    "iat": NOW_S,
}


def key_of(name: str) -> Ed25519PublicKey | None:
    return KEY.public_key() if name == "web" else None


def said(envelope: str, text: str = TEXT) -> Said:
    return Said(session_id="s-1", turn_id="t-1", text=text, envelope=envelope)


def claiming(**changes: Any) -> Said:
    claims = {name: value for name, value in {**GOOD, **changes}.items() if value is not ...}
    return said(jwt.encode(claims, KEY, algorithm="EdDSA", headers={"kid": "web"}))


def refusal(turn: Said) -> str:
    with pytest.raises(BadEnvelope) as caught:
        admit(turn, key_of, asked_at=NOW_S * 1000)
    assert str(caught.value)
    assert caught.value.reason in REASONS
    return caught.value.reason


def test_a_visitor_is_admitted() -> None:
    found = admit(claiming(), key_of, asked_at=NOW_S * 1000)
    assert found == Identity("web", None, Auth.VISITOR)


def test_a_customer_is_admitted_as_signed() -> None:
    envelope = sign(
        KEY, "web", session_id="s-1", turn_id="t-1", text=TEXT, issued_at=NOW_S, customer_id="c-1"
    )
    found = admit(said(envelope), key_of, asked_at=NOW_S * 1000)
    assert found == Identity("web", "c-1", Auth.SIGNED_IN)


@given(st.text(min_size=1))
def test_any_text_can_be_signed(text: str) -> None:
    envelope = sign(KEY, "web", session_id="s-1", turn_id="t-1", text=text, issued_at=NOW_S)
    assert admit(said(envelope, text), key_of, asked_at=NOW_S * 1000).frontend == "web"


@given(st.text(min_size=1, max_size=200))
def test_whatever_stands_for_an_envelope_is_refused_and_nothing_else_happens(text: str) -> None:
    assert refusal(said(text)) in {"bad_signature", "unknown_frontend"}


def unsigned(header: bytes) -> str:
    return base64.urlsafe_b64encode(header).rstrip(b"=").decode() + ".e30.AA"


@pytest.mark.parametrize(
    "envelope",
    [
        unsigned(b"[" * 3000),
        unsigned(b"\xff\xfe"),
        unsigned(b"5"),
        unsigned(b'{"alg": "EdDSA", "kid": 5}'),
        unsigned(b'{"alg": "none", "kid": "web"}'),
        jwt.encode(dict(GOOD), "0" * 32, algorithm="HS256", headers={"kid": "web"}),
        jwt.encode(dict(GOOD), OTHER_KEY, algorithm="EdDSA", headers={"kid": "web"}),
    ],
)
def test_a_signature_that_is_not_the_frontends_is_refused(envelope: str) -> None:
    assert refusal(said(envelope)) == "bad_signature"


@pytest.mark.parametrize("missing", ["iss", "sid", "tid", "auth", "bh", "iat"])
def test_every_claim_is_required(missing: str) -> None:
    assert refusal(claiming(**{missing: ...})) == "bad_signature"


def test_the_issuer_is_who_signs() -> None:
    assert refusal(claiming(iss="gateway")) == "bad_signature"


@pytest.mark.parametrize("kid", ["mobile", ""])
def test_an_unregistered_frontend_is_refused(kid: str) -> None:
    envelope = jwt.encode(dict(GOOD), KEY, algorithm="EdDSA", headers={"kid": kid})
    assert refusal(said(envelope)) == "unknown_frontend"


@pytest.mark.parametrize("change", [{"sid": "s-2"}, {"tid": "t-2"}, {"sid": ["s-1"]}])
def test_an_envelope_of_another_turn_is_refused(change: dict[str, Any]) -> None:
    turn = claiming(**change)
    assert refusal(turn) == "replayed_envelope"
    with pytest.raises(BadEnvelope, match="another turn"):
        identify(turn, key_of)


@pytest.mark.parametrize(
    "change",
    [
        {"auth": "signed_in"},
        {"auth": "signed_in", "sub": ""},
        {"auth": "signed_in", "sub": "a\x00b"},
        {"auth": "signed_in", "sub": "c" * 129},
        {"auth": "visitor", "sub": "c-1"},
        {"auth": "admin"},
        {"auth": {"level": "signed_in"}, "sub": "c-1"},
    ],
)
def test_the_level_and_the_customer_belong_together(change: dict[str, Any]) -> None:
    assert refusal(claiming(**change)) == "bad_auth"


def test_other_text_than_was_signed_is_refused_at_the_door_alone() -> None:
    turn = claiming().model_copy(update={"text": "Pay me"})
    assert refusal(turn) == "wrong_body_hash"
    # Behind the door the text is masked, so only the signature speaks there.
    assert identify(turn, key_of).frontend == "web"


@pytest.mark.parametrize(
    "issued_at",
    [
        NOW_S - MAX_AGE_S - 1,
        NOW_S + MAX_AGE_S + 1,
        float("nan"),
        float("inf"),
        10**400,
        str(NOW_S),
        None,
    ],
)
def test_an_age_over_five_minutes_or_no_age_is_refused_at_the_door_alone(issued_at: object) -> None:
    turn = claiming(iat=issued_at)
    assert refusal(turn) in {"stale_envelope", "bad_signature"}
    if issued_at is not None:
        assert refusal(turn) == "stale_envelope"
        assert identify(turn, key_of).frontend == "web"


@pytest.mark.parametrize("issued_at", [NOW_S - MAX_AGE_S, NOW_S + MAX_AGE_S, NOW_S + 0.5])
def test_within_five_minutes_of_the_brokers_time_it_is_fresh(issued_at: float) -> None:
    assert admit(claiming(iat=issued_at), key_of, asked_at=NOW_S * 1000).frontend == "web"
