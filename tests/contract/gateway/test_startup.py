"""What a replica needs to start, and what it says when that is missing."""

import asyncio

import pytest
from contract.gateway.conftest import Shop, in_process, on_socket, private_pem
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import ValidationError
from suites.waiting import until
from suites.web_client import visit

from bus.memory import MemoryBus
from bus.port import Unreachable
from gateway.serve import opened
from worker import reach


async def test_a_key_that_is_not_registered_is_a_mistake(shop: Shop, bus: MemoryBus) -> None:
    (shop.folder / "gateway.pem").write_bytes(private_pem(Ed25519PrivateKey.generate()))
    with pytest.raises(ValueError, match="register its public key"):
        async with opened(shop.settings(), bus):
            pass


async def test_a_key_of_another_kind_is_a_mistake(shop: Shop, bus: MemoryBus) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (shop.folder / "gateway.pem").write_bytes(pem)
    with pytest.raises(TypeError, match="Ed25519"):
        async with opened(shop.settings(), bus):
            pass


def test_a_short_secret_is_a_mistake_and_is_not_shown(shop: Shop) -> None:
    with pytest.raises(ValidationError) as failed:
        shop.settings(session_secret="short-secret")
    assert "short-secret" not in str(failed.value)


async def test_a_replica_waits_for_its_broker(
    shop: Shop, bus: MemoryBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[int | Unreachable] = [Unreachable("no broker"), Unreachable("no broker"), 12]

    async def partitions(self: MemoryBus, topic: str) -> int:
        answer = answers.pop(0)
        if isinstance(answer, Unreachable):
            raise answer
        return answer

    monkeypatch.setattr(reach, "PAUSE_S", 0.01)
    monkeypatch.setattr(MemoryBus, "partitions", partitions)
    async with opened(shop.settings(), bus) as parts:
        assert parts.handover.ring.partitions == 12


async def test_a_replica_is_unready_while_its_producer_is_rebuilt(
    shop: Shop, bus: MemoryBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_socket(shop, bus) as replica:
        assert replica.parts.unready is None
        monkeypatch.setattr("bus.memory.MemoryProducer.healthy", False)
        assert replica.parts.unready == "the producer is being rebuilt"


async def test_reading_that_breaks_starts_again(
    shop: Shop, bus: MemoryBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.egress.PAUSE_S", 0.01)
    async with on_socket(shop, bus) as replica:
        broken = asyncio.Event()

        async def lost(*_: object, **__: object) -> list[object]:
            broken.set()
            raise Unreachable("the broker went away")

        with monkeypatch.context() as patch:
            patch.setattr("bus.memory.MemoryConsumer.poll", lost)
            await asyncio.wait_for(broken.wait(), 10)
            await until(lambda: replica.parts.unready)
            assert replica.parts.unready == "replies are being read back"
        await until(lambda: not replica.parts.unready)


async def test_a_fault_of_our_own_is_a_problem_without_its_inside(
    shop: Shop, bus: MemoryBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with in_process(shop, bus) as http:
        visitor = await visit(http)
        monkeypatch.setattr("gateway.publisher.mask_cards", lambda _: 1 / 0)
        response = await visitor.say("hi")
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert "division" not in response.text
