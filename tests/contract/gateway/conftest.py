"""A gateway on the bus in memory: no broker, no other service."""

import asyncio
import socket
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from suites.waiting import WITHIN_S, until

from bus.memory import MemoryBus
from events.preview import Preview
from events.reply import Reply
from events.topics import EGRESS, STREAM
from events.wire import encode
from gateway.app import create_app
from gateway.parts import Parts
from gateway.serve import opened, serving
from gateway.settings import Rate, Settings

SECRET = "a-secret-of-at-least-thirty-two-bytes"


def private_pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_pem(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@dataclass(frozen=True)
class Shop:
    """The keys a shop would configure, in files, and what signs with them."""

    folder: Path
    gateway_key: Ed25519PrivateKey
    customer_key: Ed25519PrivateKey

    def settings(self, **changed: object) -> Settings:
        values: dict[str, object] = {
            "frontends": self.folder / "frontends",
            "gateway_key": self.folder / "gateway.pem",
            "customer_jwt_key": self.folder / "customer.pub.pem",
            "session_secret": SECRET,
            "rate": Rate(burst=1_000, per_s=1_000),
        }
        return Settings.model_validate(values | changed)

    def customer_token(self, customer_id: str = "c-1001", **changed: object) -> str:
        claims: dict[str, object] = {
            "sub": customer_id,
            "aud": "tierwise",
            "exp": int(time.time()) + 600,
        }
        claims |= changed
        present = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(present, self.customer_key, algorithm="EdDSA")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = Shop(tmp_path, Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate())
    (tmp_path / "gateway.pem").write_bytes(private_pem(made.gateway_key))
    (tmp_path / "customer.pub.pem").write_bytes(public_pem(made.customer_key))
    raw = made.gateway_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    key = urlsafe_b64encode(raw).decode().rstrip("=")
    (tmp_path / "frontends").mkdir()
    entry = f"name: gateway\npublic_key: {key}\nturns_per_second: 100\n"
    (tmp_path / "frontends" / "gateway.yaml").write_text(entry)
    return made


@pytest.fixture
async def bus() -> MemoryBus:
    return MemoryBus(partitions=12)


async def caught_up(parts: Parts) -> None:
    await until(lambda: not parts.unready)


@asynccontextmanager
async def in_process(
    shop: Shop, bus: MemoryBus, **changed: object
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application itself, without a socket. It cannot stream."""
    async with opened(shop.settings(**changed), bus) as parts:
        await caught_up(parts)
        transport = httpx.ASGITransport(create_app(parts), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as http:
            yield http


@dataclass(frozen=True)
class Replica:
    """A gateway behind a socket on loopback."""

    http: httpx.AsyncClient
    parts: Parts
    stop: asyncio.Event


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def on_socket(shop: Shop, bus: MemoryBus, **changed: object) -> AsyncIterator[Replica]:
    changed.setdefault("http_port", free_port())
    settings = shop.settings(**changed)
    url = f"http://127.0.0.1:{settings.http_port}"
    async with (
        opened(settings, bus) as parts,
        httpx.AsyncClient(base_url=url, verify=False, timeout=30) as http,
    ):
        stop = asyncio.Event()
        task = asyncio.create_task(serving(parts, settings, stop))
        await caught_up(parts)
        await _answering(http)
        try:
            yield Replica(http, parts, stop)
        finally:
            stop.set()
            await task


async def _answering(http: httpx.AsyncClient) -> None:
    async with asyncio.timeout(WITHIN_S):
        while True:
            try:
                await http.get("/icon.svg")
            except httpx.ConnectError:
                await asyncio.sleep(0.01)
            else:
                return


@pytest.fixture
async def http(shop: Shop, bus: MemoryBus) -> AsyncIterator[httpx.AsyncClient]:
    async with in_process(shop, bus) as client:
        yield client


@pytest.fixture
async def replica(shop: Shop, bus: MemoryBus) -> AsyncIterator[Replica]:
    async with on_socket(shop, bus) as one:
        yield one


async def publish(bus: MemoryBus, event: Reply | Preview, trace: str | None = None) -> str:
    """Put an event on its topic. Returns its id as the stream gives it."""
    message = encode(event, "order")
    if trace:
        message.headers["traceparent"] = f"00-{trace}-00f067aa0ba902b7-01".encode()
    topic = EGRESS if isinstance(event, Reply) else STREAM
    receipt = await bus.append(topic, message)
    return f"{receipt.partition}-{receipt.offset}"
