"""Who the customer is, as the shop's own JWT says."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from events.envelope import CUSTOMER_ID

AUDIENCE = "tierwise"
LEEWAY_S = 30

PublicKey = Ed25519PublicKey | RSAPublicKey | EllipticCurvePublicKey


class BadCustomerToken(ValueError):
    """The token does not vouch for a customer. The message says why."""


def algorithm_of(key: object) -> str:
    """The one JWS algorithm a key may be used with. Raises ValueError for any other key."""
    if isinstance(key, Ed25519PublicKey):
        return "EdDSA"
    if isinstance(key, RSAPublicKey):
        return "RS256"
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return "ES256"
    raise ValueError("the customer key must be an Ed25519, RSA or P-256 public key in PEM")


@dataclass(frozen=True)
class Customers:
    """Verifies customers' tokens with one public key; the key's type fixes the algorithm."""

    key: PublicKey
    algorithm: str

    @classmethod
    def from_pem(cls, file: Path) -> "Customers":
        """The verifier for a PEM file. Raises ValueError for a key of another kind, OSError."""
        key: Any = load_pem_public_key(file.read_bytes())
        return cls(key, algorithm_of(key))

    def verify(self, token: str) -> str:
        """The customer id in `sub`. Raises BadCustomerToken.

        `aud` must hold "tierwise", `exp` must be there and not passed (30 s of clock difference
        are allowed).
        """
        try:
            claims = jwt.decode(
                token,
                self.key,
                algorithms=[self.algorithm],
                audience=AUDIENCE,
                leeway=LEEWAY_S,
                options={"require": ["exp", "aud", "sub"]},
            )
        except jwt.InvalidTokenError as error:
            raise BadCustomerToken(str(error)) from error
        customer = claims["sub"]
        if not CUSTOMER_ID.fullmatch(customer):
            raise BadCustomerToken("sub must have 1 to 128 printable ASCII characters, no spaces")
        return str(customer)
