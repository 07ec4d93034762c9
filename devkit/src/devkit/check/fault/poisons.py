"""The kinds of poison: bytes no classifier can use, and turns no frontend may sign."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from devkit.check.account import Expected
from devkit.check.fault.field import Field
from devkit.check.script import Planned
from devkit.frontend import Frontend
from events.envelope import body_hash
from events.reply import Status
from events.turn import MAX_TEXT_CHARACTERS, Said
from events.wire import Message

ODD = "Hello there‮\u200b\u0301\u0000\ufeff😶‍🌫️ ‏ｈｉ\u2028"
"""Right-to-left override, zero width, a lone accent, NUL, a byte order mark: odd, but text.

Most of it is English: a turn in another language needs tiers that not every load runs."""

Change = Callable[[dict[str, object]], None]


@dataclass(frozen=True)
class Poison:
    """One record. `reasons` are what its dead letter may say (none: it is no poison, only odd).

    `turn` is set where it can be decoded, so that it gets a reply too.
    """

    name: str
    message: Message
    reasons: tuple[str, ...]
    turn: Planned | None = None


def _bytes(on: Field, name: str, change: Callable[[Message], Message], reason: str) -> Poison:
    """A good turn's record, changed so that it is none."""
    turn = on.fresh(name)
    return Poison(name, change(on.driver.message(turn, turn.text)), (reason,))


def _with_type(message: Message) -> Message:
    return replace(message, headers=message.headers | {"ce_type": b"chat.turn.v2"})


def _without_headers(message: Message) -> Message:
    return replace(message, headers={})


def _body(message: Message, **fields: object) -> Message:
    return replace(message, value=json.dumps(json.loads(message.value) | fields).encode())


def _undecodable(on: Field) -> list[Poison]:
    return [
        _bytes(on, "invalid-json", lambda m: replace(m, value=m.value[:-9]), "invalid_json"),
        _bytes(on, "no-utf-8", lambda m: replace(m, value=b'{"text": "\xff"}'), "invalid_json"),
        _bytes(on, "half-a-pair", lambda m: _body(m, text="\ud800 hi"), "invalid_json"),
        _bytes(on, "empty", lambda m: replace(m, value=b""), "invalid_json"),
        _bytes(on, "other-version", _with_type, "wrong_type"),
        _bytes(on, "no-headers", _without_headers, "not_cloudevents"),
        _bytes(on, "no-key", lambda m: replace(m, key=b""), "no_key"),
        _bytes(on, "other-key", lambda m: replace(m, key=b"someone-else"), "wrong_key"),
        _bytes(on, "negative-turn-no", lambda m: _body(m, turn_no=-1), "invalid_event"),
        _bytes(on, "empty-text", lambda m: _body(m, text=""), "invalid_event"),
    ]


def _refused(on: Field, name: str, reason: str, message: Callable[[Planned], Message]) -> Poison:
    expected = Expected(status=Status.REFUSED, reason=reason)
    turn = on.fresh(name, expected=expected, customer_id=on.dice.choice(sorted(on.orders)))
    return Poison(name, message(turn), (reason,), turn)


def _claims(turn: Planned, **other: object) -> dict[str, object]:
    claims = {
        "iss": "check",
        "sid": turn.session_id,
        "tid": turn.turn_id,
        "auth": "signed_in",
        "sub": turn.customer_id,
        "bh": body_hash(turn.text),
        "iat": int(time.time()),
    }
    return claims | other


def _signed(frontend: Frontend, turn: Planned, claims: dict[str, object]) -> Message:
    """A turn with whatever claims, under a good signature."""
    held = {name: value for name, value in claims.items() if value is not None}
    headers = {"kid": frontend.name}
    envelope = jwt.encode(held, frontend.key, algorithm="EdDSA", headers=headers)
    said = Said(
        session_id=turn.session_id,
        turn_id=turn.turn_id,
        turn_no=turn.turn_no,
        text=turn.text,
        envelope=envelope,
    )
    return frontend.message(said)


def _unvouched(on: Field) -> list[Poison]:
    own = on.driver.frontend
    forger = Frontend(own.name, Ed25519PrivateKey.generate())
    stranger = Frontend("nobody", forger.key)

    def by(frontend: Frontend, **other: object) -> Callable[[Planned], Message]:
        return lambda turn: _signed(frontend, turn, _claims(turn, iss=frontend.name, **other))

    return [
        _refused(on, "forged", "bad_signature", by(forger)),
        _refused(on, "stranger", "unknown_frontend", by(stranger)),
        _refused(on, "other-turn", "replayed_envelope", by(own, tid="another-turn")),
        _refused(on, "other-session", "replayed_envelope", by(own, sid="another-session")),
        _refused(on, "other-text", "wrong_body_hash", by(own, bh=body_hash("something else"))),
        _refused(on, "stale", "stale_envelope", by(own, iat=int(time.time()) - 3600)),
        _refused(on, "nobody-signed-in", "bad_auth", by(own, sub=None)),
        _refused(on, "visitor-with-id", "bad_auth", by(own, auth="visitor")),
    ]


def _long(on: Field, name: str, characters: int) -> Poison:
    expected = Expected(status=Status.REFUSED, reason="too_long")
    turn = on.fresh(name, text="x" * characters, expected=expected)
    return Poison(name, on.driver.message(turn, turn.text), ("too_long",), turn)


def _odd(on: Field) -> Poison:
    turn = on.fresh("odd-unicode", text=ODD, expected=Expected(status=None))
    return Poison("odd-unicode", on.driver.message(turn, ODD), (), turn)


def poisons(on: Field) -> list[Poison]:
    """One of each kind, each in a session of its own, in an order that the dice decide."""
    kinds = [*_undecodable(on), *_unvouched(on), _odd(on)]
    kinds += [_long(on, "too-long", MAX_TEXT_CHARACTERS + 1), _long(on, "1-mb", 1_000_000)]
    on.dice.shuffle(kinds)
    return kinds
