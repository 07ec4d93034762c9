"""A key's type fixes the algorithm of a customer's token."""

import time
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateway.customer import BadCustomerToken, Customers

PrivateKey = ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

KEYS: dict[str, PrivateKey] = {
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
    "RS256": rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
}


def pem(key: PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def verifier(key: PrivateKey, folder: Path) -> Customers:
    file = folder / "customer.pem"
    file.write_bytes(pem(key))
    return Customers.from_pem(file)


def claims() -> dict[str, object]:
    return {"sub": "c-1001", "aud": ["shop", "tierwise"], "exp": int(time.time()) + 60}


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_token_of_the_keys_algorithm_names_the_customer(algorithm: str, tmp_path: Path) -> None:
    key = KEYS[algorithm]
    token = jwt.encode(claims(), key, algorithm=algorithm)
    assert verifier(key, tmp_path).verify(token) == "c-1001"


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_token_of_another_algorithm_is_refused(algorithm: str, tmp_path: Path) -> None:
    customers = verifier(KEYS[algorithm], tmp_path)
    for other, key in KEYS.items():
        if other != algorithm:
            with pytest.raises(BadCustomerToken):
                customers.verify(jwt.encode(claims(), key, algorithm=other))


def test_the_difference_of_clocks_is_allowed_for(tmp_path: Path) -> None:
    key = KEYS["EdDSA"]
    customers = verifier(key, tmp_path)
    now = int(time.time())
    just = jwt.encode(claims() | {"exp": now - 10}, key, algorithm="EdDSA")
    assert customers.verify(just) == "c-1001"
    with pytest.raises(BadCustomerToken):
        customers.verify(jwt.encode(claims() | {"exp": now - 60}, key, algorithm="EdDSA"))


def test_a_key_of_another_kind_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="P-256"):
        verifier(ec.generate_private_key(ec.SECP384R1()), tmp_path)
