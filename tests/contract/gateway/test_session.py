"""Opening a session: for a visitor, for a customer, and what is refused."""

import time

import httpx
import jwt
import pytest
from contract.gateway.conftest import SECRET, Shop, in_process
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from suites.web_client import visit

from bus.memory import MemoryBus
from events.envelope import Auth, identify
from events.topics import INGRESS
from events.turn import Said
from events.wire import decode


async def test_a_visitor_gets_a_session_and_a_token(http: httpx.AsyncClient) -> None:
    body = (await http.post("/v1/sessions")).json()
    claims = jwt.decode(body["token"], SECRET, algorithms=["HS256"], audience="tierwise-session")
    assert claims["sid"] == body["session_id"]
    assert "sub" not in claims
    assert body["expires_at"] > time.time()


async def test_every_session_is_another(http: httpx.AsyncClient) -> None:
    assert (await visit(http)).session_id != (await visit(http)).session_id


async def test_a_customer_is_named_in_the_envelope(
    http: httpx.AsyncClient, bus: MemoryBus, shop: Shop
) -> None:
    customer = await visit(http, shop.customer_token("c-1001"))
    assert (await customer.say("Where is my order?")).status_code == 202
    (record,) = bus.records(INGRESS)
    said = decode(Said, record.value, record.headers)
    identity = identify(said, {"gateway": shop.gateway_key.public_key()}.get)
    assert (identity.customer_id, identity.auth) == ("c-1001", Auth.SIGNED_IN)


BAD_CLAIMS: list[dict[str, object]] = [
    {"exp": 1},
    {"exp": None},
    {"aud": None},
    {"aud": "another-service"},
    {"sub": None},
    {"sub": ""},
    {"sub": "c" * 129},
]


@pytest.mark.parametrize("claims", BAD_CLAIMS, ids=str)
async def test_a_customer_token_with_bad_claims_is_refused(
    http: httpx.AsyncClient, shop: Shop, claims: dict[str, object]
) -> None:
    headers = {"Authorization": f"Bearer {shop.customer_token(**claims)}"}  # type: ignore[arg-type]  # claims vary by design
    response = await http.post("/v1/sessions", headers=headers)
    assert response.status_code == 401
    assert response.json()["type"] == "urn:tierwise:problem:bad-customer-token"
    assert response.headers["www-authenticate"] == "Bearer"


async def test_a_customer_token_of_another_key_is_refused(
    http: httpx.AsyncClient, shop: Shop
) -> None:
    forged = Shop(shop.folder, shop.gateway_key, Ed25519PrivateKey.generate()).customer_token()
    response = await http.post("/v1/sessions", headers={"Authorization": f"Bearer {forged}"})
    assert response.status_code == 401


async def test_the_public_key_is_no_shared_secret(http: httpx.AsyncClient, shop: Shop) -> None:
    claims = {"sub": "c-1001", "aud": "tierwise", "exp": int(time.time()) + 60}
    forged = jwt.encode(claims, "x" * 64, algorithm="HS256")
    unsigned = jwt.encode(claims, "", algorithm="none")
    for token in (forged, unsigned):
        response = await http.post("/v1/sessions", headers={"Authorization": f"Bearer {token}"})
        assert response.status_code == 401


async def test_another_scheme_than_bearer_is_refused(http: httpx.AsyncClient) -> None:
    response = await http.post("/v1/sessions", headers={"Authorization": "Basic YTpi"})
    assert response.status_code == 401
    assert "Bearer" in response.json()["detail"]


async def test_a_gateway_without_a_customer_key_says_so(shop: Shop, bus: MemoryBus) -> None:
    async with in_process(shop, bus, customer_jwt_key=None) as http:
        headers = {"Authorization": f"Bearer {shop.customer_token()}"}
        response = await http.post("/v1/sessions", headers=headers)
    assert response.status_code == 401
    assert "no customer key" in response.json()["detail"]
