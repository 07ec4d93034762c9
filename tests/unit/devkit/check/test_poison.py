"""Every poison record, held against the door itself: it is refused for the reason it names."""

import random
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from suites.people import PARTITIONS, ListedRows, record

from bus.kafka import KafkaBus
from bus.port import Producer
from devkit.check.driver import Driver
from devkit.check.fault.field import Field
from devkit.check.fault.poisons import Poison, poisons
from devkit.check.history import Log
from devkit.check.lines import Lines
from devkit.check.reader import Copyist
from devkit.frontend import Frontend
from devkit.stack.stack import Stack
from events.partition import partition_of
from events.wire import Undecodable
from worker.ingress import Fresh, Ingress, Refused
from worker.throttle import Throttle

KEY = Ed25519PrivateKey.generate()
DOCUMENTED = (Path(__file__).parents[4] / "docs" / "frontends.md").read_text()


def field(seed: int = 1) -> Field:
    """Where nothing runs: enough to make records."""
    driver = Driver(cast(Producer, None), Frontend("check", KEY), cast(Log, None))
    stack = cast(Stack, SimpleNamespace(partitions=PARTITIONS))
    dice = random.Random(seed)
    orders = {"c-aiko": ("ABC123", "XYZ789")}
    bus, copyist = cast(KafkaBus, None), cast(Copyist, None)
    return Field(stack, bus, driver, copyist, dice, orders, "check-unit", Lines(()))


def kinds() -> dict[str, Poison]:
    """Made anew: an envelope is good for five minutes, and a whole test run takes longer."""
    return {poison.name: poison for poison in poisons(field())}


NAMES = sorted(kinds())


async def verdict(poison: Poison) -> str | None:
    """The reason the classifier's door gives, None where it lets the record in."""
    door = Ingress(
        ListedRows(), {"check": KEY.public_key()}.get, Throttle(lambda _: None), PARTITIONS
    )
    try:
        arrival = await door(record(poison.message))
    except Undecodable as broken:
        return broken.reason
    if isinstance(arrival, Refused):
        return arrival.reason
    assert isinstance(arrival, Fresh)
    return None


@pytest.mark.parametrize("name", NAMES)
async def test_the_door_gives_the_reason_that_is_expected(name: str) -> None:
    poison = kinds()[name]
    found = await verdict(poison)
    assert (found,) == poison.reasons or (found is None and not poison.reasons)


@pytest.mark.parametrize("name", NAMES)
def test_a_turn_among_them_expects_a_refusal_for_the_same_reason(name: str) -> None:
    poison = kinds()[name]
    if poison.turn and poison.reasons:
        assert poison.turn.expected.reason in poison.reasons


def test_the_reasons_a_frontend_can_cause_are_all_there() -> None:
    reasons = {reason for poison in kinds().values() for reason in poison.reasons}
    assert {
        *("invalid_json", "invalid_event", "wrong_type", "not_cloudevents", "no_key", "wrong_key"),
        *("bad_signature", "unknown_frontend", "replayed_envelope", "wrong_body_hash"),
        *("stale_envelope", "bad_auth", "too_long"),
    } == reasons
    assert all(f"| `{reason}` |" in DOCUMENTED for reason in reasons)


def test_a_probe_goes_to_the_partition_it_is_asked_for() -> None:
    for partition in range(PARTITIONS):
        probe = field().fresh("probe", partition=partition)
        assert partition_of(probe.session_id.encode(), PARTITIONS) == partition
