"""The signature a frontend puts around a turn: who speaks, in which session, saying what.

A compact JWS (EdDSA over Ed25519, RFC 8037), header `kid` = the frontend's registered name. Claims:
`iss` frontend, `sid` session, `tid` turn, `sub` customer id (absent for a visitor), `auth` level,
`bh` base64url SHA-256 of the text's UTF-8, `iat` seconds. There is no `exp`: age is judged against
the broker's time stamp of the turn, so that a dead-lettered turn can be driven again later.
"""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from events.turn import Said

MAX_AGE_S = 300

CUSTOMER_ID = re.compile(r"[!-~]{1,128}")
"""1 to 128 printable ASCII characters without spaces."""
REASONS = frozenset(
    {
        "unknown_frontend",
        "bad_signature",
        "replayed_envelope",
        "bad_auth",
        "wrong_body_hash",
        "stale_envelope",
    }
)
"""Every reason of a BadEnvelope."""

REQUIRED = ["iss", "sid", "tid", "auth", "bh", "iat"]

KeyOf = Callable[[str], Ed25519PublicKey | None]


class Auth(StrEnum):
    """How sure the frontend is of the customer."""

    VISITOR = "visitor"
    SIGNED_IN = "signed_in"


class BadEnvelope(ValueError):
    """The signature does not vouch for this turn. `reason` is a stable code for the DLQ."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True)
class Identity:
    """Who speaks, as a registered frontend vouches. The only source of a customer id."""

    frontend: str
    customer_id: str | None
    auth: Auth


def body_hash(text: str) -> str:
    """Base64url SHA-256 of the text's UTF-8, without padding."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def sign(
    key: Ed25519PrivateKey,
    frontend: str,
    *,
    session_id: str,
    turn_id: str,
    text: str,
    issued_at: int,
    customer_id: str | None = None,
) -> str:
    """The envelope of one turn. `issued_at` is in seconds since the epoch."""
    claims: dict[str, Any] = {
        "iss": frontend,
        "sid": session_id,
        "tid": turn_id,
        "auth": Auth.SIGNED_IN if customer_id else Auth.VISITOR,
        "bh": body_hash(text),
        "iat": issued_at,
    }
    if customer_id:
        claims["sub"] = customer_id
    return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": frontend})


def _claims(envelope: str, key_of: KeyOf) -> dict[str, Any]:
    """The verified claims. Raises BadEnvelope for an unknown frontend or a wrong signature."""
    try:
        frontend = str(jwt.get_unverified_header(envelope).get("kid", ""))
        key = key_of(frontend)
        if key is None:
            raise BadEnvelope("unknown_frontend", f"no frontend is registered as {frontend!r}")
        claims = jwt.decode(
            envelope,
            key,
            algorithms=["EdDSA"],
            issuer=frontend,
            options={
                "require": REQUIRED,
                "verify_iat": False,
                "verify_exp": False,
                "verify_nbf": False,
            },
        )
    except jwt.InvalidTokenError as error:
        raise BadEnvelope("bad_signature", f"the envelope is not valid: {error}") from error
    return claims


def _check(claims: dict[str, Any], said: Said) -> None:
    if (claims["sid"], claims["tid"]) != (said.session_id, said.turn_id):
        raise BadEnvelope("replayed_envelope", "the envelope was issued for another turn")
    signed_in = claims["auth"] == Auth.SIGNED_IN
    if (
        claims["auth"] not in list(Auth)
        or signed_in != ("sub" in claims)
        or ("sub" in claims and not CUSTOMER_ID.fullmatch(claims["sub"]))
    ):
        detail = "auth must be signed_in with a sub of 1 to 128 characters, or visitor without it"
        raise BadEnvelope("bad_auth", detail)


def _is_fresh(issued_at: object, asked_at: int) -> bool:
    """Compared, not subtracted: NaN then fits nowhere, and a huge number does not overflow."""
    now_s = asked_at / 1000
    return isinstance(issued_at, int | float) and (
        now_s - MAX_AGE_S <= issued_at <= now_s + MAX_AGE_S
    )


def identify(said: Said, key_of: KeyOf) -> Identity:
    """Who speaks in this turn, for every tier that touches customer data.

    Checks the signature, the session and the turn, not the text: that is masked once the
    classifier has checked it. Raises BadEnvelope.
    """
    claims = _claims(said.envelope, key_of)
    _check(claims, said)
    return Identity(claims["iss"], claims.get("sub"), Auth(claims["auth"]))


def admit(said: Said, key_of: KeyOf, *, asked_at: int) -> Identity:
    """Who speaks, checked in full at the door. `asked_at` is the broker's time in milliseconds.

    Raises BadEnvelope also for other text than was signed and for an age over five minutes.
    """
    claims = _claims(said.envelope, key_of)
    _check(claims, said)
    if claims["bh"] != body_hash(said.text):
        raise BadEnvelope("wrong_body_hash", "the text is not the text that was signed")
    if not _is_fresh(claims["iat"], asked_at):
        raise BadEnvelope(
            "stale_envelope", f"iat is more than {MAX_AGE_S} s from the broker's time"
        )
    return Identity(claims["iss"], claims.get("sub"), Auth(claims["auth"]))
