"""The breaker: opens after failures, lets one probe through, closes when it is answered."""

import pytest

from llm.models.breaker import Breaker, State
from llm.models.failure import Kind
from playbook.model import BreakerSpec

SPEC = BreakerSpec(failures=3, within_s=10, open_s=5, long_open_s=120)


def opened_at(now: float = 0.0) -> Breaker:
    breaker = Breaker(SPEC)
    for _ in range(3):
        breaker.failed(Kind.SERVER_ERROR, now)
    return breaker


def test_it_opens_at_the_last_of_its_failures_and_not_before() -> None:
    breaker = Breaker(SPEC)
    for _ in range(2):
        breaker.failed(Kind.HUNG, 0.0)
        assert breaker.state(0.0) is State.CLOSED
    breaker.failed(Kind.HUNG, 9.9)
    assert breaker.state(9.9) is State.OPEN
    assert not breaker.admits(9.9)


def test_failures_that_lie_too_far_apart_do_not_count_together() -> None:
    breaker = Breaker(SPEC)
    for now in (0.0, 6.0, 12.0, 18.0):
        breaker.failed(Kind.CUT, now)
        assert breaker.state(now) is State.CLOSED


def test_an_answer_in_between_starts_the_count_again() -> None:
    breaker = Breaker(SPEC)
    for _ in range(5):
        breaker.failed(Kind.STALLED, 0.0)
        breaker.failed(Kind.STALLED, 0.0)
        breaker.succeeded()
    assert breaker.state(0.0) is State.CLOSED


@pytest.mark.parametrize("kind", [Kind.SPENT, Kind.RATE_LONG])
def test_a_spent_quota_opens_it_at_once_and_for_long(kind: Kind) -> None:
    breaker = Breaker(SPEC)
    breaker.failed(kind, 0.0)
    assert breaker.state(119.9) is State.OPEN
    assert breaker.state(120.0) is State.HALF_OPEN


def test_what_the_model_declines_is_an_answer() -> None:
    breaker = Breaker(SPEC)
    for _ in range(10):
        breaker.failed(Kind.DECLINED, 0.0)
    assert breaker.state(0.0) is State.CLOSED


def test_after_the_pause_one_call_may_probe() -> None:
    breaker = opened_at()
    assert not breaker.admits(4.9)
    assert [breaker.admits(5.0) for _ in range(3)] == [True, False, False]


def test_a_good_probe_closes_it_and_a_bad_one_opens_it_again() -> None:
    breaker = opened_at()
    assert breaker.admits(5.0)
    breaker.failed(Kind.OVERLOADED, 5.5)
    assert breaker.state(10.4) is State.OPEN
    assert breaker.admits(10.5)
    breaker.succeeded()
    assert breaker.state(10.5) is State.CLOSED
    assert all(breaker.admits(10.5) for _ in range(5))


def test_a_probe_that_tells_nothing_makes_room_for_another() -> None:
    breaker = opened_at()
    assert breaker.admits(5.0)
    breaker.unused()
    assert breaker.admits(5.1)
    # And one that is never heard of again does not keep it half-open for ever.
    assert not breaker.admits(9.0)
    assert breaker.admits(10.1)


def test_an_answer_from_before_the_pause_does_not_end_it() -> None:
    breaker = opened_at()
    breaker.succeeded()
    assert breaker.state(1.0) is State.OPEN


def test_a_shorter_pause_does_not_cut_a_longer_one() -> None:
    breaker = Breaker(SPEC)
    breaker.failed(Kind.SPENT, 0.0)
    for _ in range(3):
        breaker.failed(Kind.HUNG, 1.0)
    assert breaker.state(100.0) is State.OPEN
