import pytest
from suites.provider import Clock, model

from devkit.simulator.fault import Fault, Faults, Kind


def test_a_fault_strikes_so_many_calls() -> None:
    faults = Faults(Clock())
    faults.lay(Fault(kind=Kind.OVERLOADED, count=2))
    struck = [faults.take(model()) is not None for _ in range(4)]
    assert struck == [True, True, False, False]
    assert faults.in_force() == []


def test_a_fault_lasts_so_long() -> None:
    clock = Clock()
    faults = Faults(clock)
    faults.lay(Fault(kind=Kind.ERROR500, seconds=5))
    clock.now += 3
    assert faults.in_force()[0].seconds_left == pytest.approx(2)
    assert faults.take(model()) is not None
    clock.now += 3
    assert faults.take(model()) is None


@pytest.mark.parametrize(
    ("name", "strikes"),
    [(None, True), ("haiku-5-5", True), ("claude-haiku-5-5", True), ("sonnet-5-5", False)],
)
def test_a_fault_may_concern_one_model(name: str | None, strikes: bool) -> None:
    faults = Faults(Clock())
    faults.lay(Fault(kind=Kind.STALL, model=name))
    assert (faults.take(model()) is not None) is strikes


def test_faults_stay_until_they_are_cleared_and_come_in_order() -> None:
    faults = Faults(Clock())
    faults.lay(Fault(kind=Kind.RESET, count=1))
    faults.lay(Fault(kind=Kind.SLOW))
    kinds = [taken.kind for _ in range(3) if (taken := faults.take(model()))]
    assert kinds == [Kind.RESET, Kind.SLOW, Kind.SLOW]
    faults.clear()
    assert faults.take(model()) is None


@pytest.mark.parametrize(
    ("kind", "status", "retry_after"),
    [
        (Kind.RATE_SHORT, 429, "1"),
        (Kind.RATE_LONG, 429, "60"),
        (Kind.SPEND_CAP, 429, None),
        (Kind.OVERLOADED, 529, None),
        (Kind.ERROR500, 500, None),
    ],
)
def test_faults_that_answer_with_an_error(kind: Kind, status: int, retry_after: str | None) -> None:
    refusal = Fault(kind=kind).refusal()
    assert refusal is not None
    assert (refusal.status, refusal.headers.get("retry-after")) == (status, retry_after)


def test_the_wait_may_be_set() -> None:
    refusal = Fault(kind=Kind.RATE_SHORT, retry_after_s=0).refusal()
    assert refusal is not None
    assert refusal.headers == {"retry-after": "0"}
