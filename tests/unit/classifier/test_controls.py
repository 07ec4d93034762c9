"""What `chat.control` says: which entries hold, which model is to be had, and why not."""

import pytest

from bus.record import Record
from classifier.controls import MOST_KEPT, QUOTA_LOW, Controls
from events import topics
from events.control import Control, Kind
from events.tier import Tier
from events.wire import encode
from worker.clock import BrokerClock

START_MS = 1_800_000_000_000


class Broker:
    """Controls, and the broker they read: its clock is moved by hand."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.controls = Controls(BrokerClock(monotonic=lambda: self.now_s))

    def posts(
        self, kind: Kind, subject: str, value: float, *, by: str = "llm-1", late_s: float = 0.0
    ) -> None:
        kept = None if kind is Kind.SWITCH else 5.0
        entry = Control(kind=kind, subject=subject, by=by, value=value, expires_after_s=kept)
        message = encode(entry, "test")
        stamp = START_MS + int((self.now_s - late_s) * 1000)
        self.controls.saw(
            Record(topics.CONTROL, 0, 0, stamp, message.key, message.value, message.headers)
        )

    def takes_back(self, key: str) -> None:
        stamp = START_MS + int(self.now_s * 1000)
        self.controls.saw(Record(topics.CONTROL, 0, 0, stamp, key.encode(), None, {}))


@pytest.fixture
def broker() -> Broker:
    return Broker()


def test_nobody_watching_lets_turns_through(broker: Broker) -> None:
    assert broker.controls.model("big") is None
    assert [broker.controls.tier(tier) for tier in Tier] == [None] * 4


def test_a_workers_hello_is_no_watch(broker: Broker) -> None:
    broker.posts(Kind.CLOCK, "llm", 1.0)
    broker.now_s = 60
    assert broker.controls.model("big") is None


def test_an_open_breaker_hinders_its_own_model(broker: Broker) -> None:
    broker.posts(Kind.BREAKER, "big", 0.0)
    broker.posts(Kind.BREAKER, "small", 1.0)
    assert broker.controls.model("big") == "breaker:big"
    assert broker.controls.model("small") is None
    broker.posts(Kind.BREAKER, "big", 1.0)
    assert broker.controls.model("big") is None


def test_one_worker_that_lets_turns_through_is_enough(broker: Broker) -> None:
    broker.posts(Kind.BREAKER, "big", 0.0, by="llm-1")
    broker.posts(Kind.BREAKER, "big", 1.0, by="llm-2")
    assert broker.controls.model("big") is None
    broker.now_s = 3
    broker.posts(Kind.BREAKER, "big", 0.0, by="llm-1")
    broker.now_s = 6  # the second worker has gone
    assert broker.controls.model("big") == "breaker:big"


@pytest.mark.parametrize(
    ("shares", "overlay"),
    [((QUOTA_LOW, 1.0), None), ((QUOTA_LOW - 0.01, 1.0), "quota:big"), ((0.0,), "quota:big")],
)
def test_the_lowest_share_of_a_quota_counts(
    broker: Broker, shares: tuple[float, ...], overlay: str | None
) -> None:
    for number, share in enumerate(shares):
        broker.posts(Kind.QUOTA, "big", share, by=f"llm-{number}")
    assert broker.controls.model("big") == overlay
    assert broker.controls.model("small") is None


def test_workers_that_fell_silent_are_away(broker: Broker) -> None:
    broker.posts(Kind.BREAKER, "big", 1.0)
    broker.now_s = 4.9
    assert broker.controls.model("big") is None
    broker.now_s = 5.0
    assert broker.controls.model("big") == "away:llm"
    assert broker.controls.model("small") == "away:llm"
    assert broker.controls.tier(Tier.LLM) is None
    broker.posts(Kind.QUOTA, "small", 0.5)
    assert broker.controls.model("big") is None


def test_what_stood_on_the_topic_before_is_as_old_as_its_stamp(broker: Broker) -> None:
    broker.posts(Kind.CLOCK, "classifier", 1.0)
    broker.posts(Kind.BREAKER, "big", 0.0, late_s=3600)
    assert broker.controls.model("big") == "away:llm"


@pytest.mark.parametrize("subject", ["llm", "big"])
def test_a_switch_stays_off_until_it_is_on(broker: Broker, subject: str) -> None:
    broker.posts(Kind.BREAKER, "big", 1.0)
    broker.posts(Kind.SWITCH, subject, 0.0, by="operator")
    broker.now_s = 100_000
    broker.posts(Kind.BREAKER, "big", 1.0)
    assert broker.controls.model("big") == f"switch:{subject}"
    broker.posts(Kind.SWITCH, subject, 1.0, by="operator")
    assert broker.controls.model("big") is None


def test_a_switch_of_a_tier_is_that_tiers(broker: Broker) -> None:
    broker.posts(Kind.SWITCH, "rag", 0.0, by="operator")
    found = {tier: broker.controls.tier(tier) for tier in Tier}
    assert found == {tier: "switch:rag" if tier is Tier.RAG else None for tier in Tier}
    assert broker.controls.model("big") is None


def test_an_entry_that_is_taken_back_is_gone(broker: Broker) -> None:
    broker.posts(Kind.SWITCH, "llm", 0.0, by="operator")
    broker.takes_back("switch/llm/operator")
    assert broker.controls.model("big") is None
    broker.takes_back("switch/never/there")


def test_what_cannot_be_read_is_left_out(broker: Broker) -> None:
    broker.controls.saw(Record(topics.CONTROL, 0, 0, START_MS, b"k", b"{", {}))
    broker.controls.saw(Record(topics.CONTROL, 0, 1, START_MS, None, b"\xff", {"ce_type": b"x"}))
    assert broker.controls.model("big") is None


def test_entries_of_workers_long_gone_are_forgotten(broker: Broker) -> None:
    for number in range(MOST_KEPT * 3):
        broker.now_s = float(number)
        broker.posts(Kind.BREAKER, "big", 0.0, by=f"llm-{number}")
    assert len(broker.controls._posted) <= MOST_KEPT
    broker.posts(Kind.BREAKER, "big", 1.0, by="llm-new")
    assert broker.controls.model("big") is None
