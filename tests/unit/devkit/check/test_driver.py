"""The driver: what it says is decided by the seed alone, and every publish is written down."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bus.port import Unsure
from bus.record import Receipt
from devkit.check.account import Acked, Sending
from devkit.check.driver import Driver
from devkit.check.history import Log, entries
from devkit.check.script import Planned, plain, script
from devkit.frontend import Frontend
from events.envelope import admit
from events.tier import Tier
from events.turn import Said
from events.wire import Message, decode_keyed

ORDERS = {"c-aiko": ("ABC123", "GHI789"), "c-ben": ("DEF456",)}
KEY = Ed25519PrivateKey.generate()


def _plan(seed: int) -> list[Planned]:
    planned = script(
        run="t",
        seed=seed,
        sessions=50,
        rate=100,
        seconds=5,
        customers=sorted(ORDERS),
        pick=plain(ORDERS),
    )
    return list(planned)


def test_the_seed_decides_the_script() -> None:
    assert _plan(7) == _plan(7)
    assert _plan(7) != _plan(8)


def test_turns_are_numbered_per_session_and_steady() -> None:
    plan = _plan(7)
    assert len(plan) == 500
    assert [round(b.at_s - a.at_s, 6) for a, b in pairwise(plan)] == [0.01] * 499
    for session in {planned.session_id for planned in plan}:
        numbers = [planned.turn_no for planned in plan if planned.session_id == session]
        assert numbers == list(range(1, 11))


def test_customers_ask_for_their_own_orders_only() -> None:
    asked = [planned for planned in _plan(7) if planned.expected.tier is Tier.ORDER]
    assert len(asked) > 100
    for planned in asked:
        assert planned.customer_id is not None
        assert planned.expected.mentions in ORDERS[planned.customer_id]
        assert str(planned.expected.mentions) in planned.text


def test_both_tiers_and_visitors_are_in_the_script() -> None:
    tiers = Counter(planned.expected.tier for planned in _plan(7))
    assert set(tiers) == {Tier.TEMPLATE, Tier.ORDER}
    assert any(planned.customer_id is None for planned in _plan(7))


class Fickle:
    """A producer that does not know of its first send whether it was stored."""

    healthy = True

    def __init__(self, answers: Sequence[bool]) -> None:
        self.answers = list(answers)
        self.messages: list[Message] = []

    async def send(self, topic: str, message: Message, *, timeout_s: float = 10.0) -> Receipt:
        self.messages.append(message)
        if not self.answers.pop(0):
            raise Unsure("no acknowledgement")
        return Receipt(partition=3, offset=len(self.messages), timestamp_ms=1)


async def test_an_unsure_send_is_sent_again_with_its_turn_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devkit.check.driver.AGAIN_AFTER_S", 0.0)
    producer, planned = Fickle([False, True]), _plan(7)[0]
    with Log(tmp_path / "history.jsonl") as log:
        await Driver(producer, Frontend("check", KEY), log).run([planned])
    written = list(entries(tmp_path / "history.jsonl"))
    assert [entry.kind for entry in written] == ["sending", "unsure", "sending", "acked"]
    assert {e.turn_id for e in written if isinstance(e, Sending)} == {planned.turn_id}
    assert isinstance(written[3], Acked)
    assert (written[3].partition, written[3].offset, written[3].send) == (3, 2, 2)


async def test_what_is_published_is_a_signed_turn(tmp_path: Path) -> None:
    producer, planned = Fickle([True]), _plan(7)[0]
    with Log(tmp_path / "history.jsonl") as log:
        driver = Driver(producer, Frontend("check", KEY), log)
        await driver.say(planned)
    (message,) = producer.messages
    said = decode_keyed(Said, message.key, message.value, message.headers)
    history = next(iter(entries(tmp_path / "history.jsonl")))
    assert isinstance(history, Sending)
    identity = admit(said, lambda name: KEY.public_key(), asked_at=history.at_ms)
    assert identity.customer_id == planned.customer_id
    assert (said.turn_no, said.text) == (planned.turn_no, planned.text)
