"""Sessions as tokens: nothing is stored, and any replica accepts them."""

import time
import uuid
from dataclasses import dataclass

import jwt
from pydantic import BaseModel

from gateway.problem import Refused

ALGORITHM = "HS256"
AUDIENCE = "tierwise-session"
LIFETIME_S = 4 * 3600


class Opened(BaseModel):
    """A new session. `expires_at` is in seconds since the epoch; open another one after it."""

    session_id: str
    token: str
    expires_at: int


@dataclass(frozen=True)
class Grant:
    """What a session token allows: one session, for a customer or a visitor, until a time."""

    session_id: str
    customer_id: str | None
    expires_at: int


class Sessions:
    """Issues and checks session tokens: JWTs signed with the replicas' common secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def open(self, customer_id: str | None) -> Opened:
        """A new session with its token."""
        session_id = uuid.uuid4().hex
        expires_at = int(time.time()) + LIFETIME_S
        claims: dict[str, object] = {"sid": session_id, "aud": AUDIENCE, "exp": expires_at}
        if customer_id is not None:
            claims["sub"] = customer_id
        token = jwt.encode(claims, self._secret, algorithm=ALGORITHM)
        return Opened(session_id=session_id, token=token, expires_at=expires_at)

    def check(self, token: str, session_id: str) -> Grant:
        """What the token grants. Raises Refused: 401 for a bad one, 404 for another session's."""
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                options={"require": ["sid", "exp", "aud"]},
            )
        except jwt.InvalidTokenError as error:
            detail = f"The session token is not valid ({error}). Open a session: POST /v1/sessions."
            raise Refused("not-authenticated", detail) from error
        if claims["sid"] != session_id:
            detail = "The token belongs to another session. Use the token this session came with."
            raise Refused("no-such-session", detail)
        return Grant(session_id, claims.get("sub"), claims["exp"])
