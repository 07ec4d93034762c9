"""The token bucket of a session."""

import pytest

from gateway import rate
from gateway.rate import Rates, whole_seconds
from gateway.settings import Rate


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_then_the_rate() -> None:
    clock = Clock()
    rates = Rates(Rate(burst=2, per_s=0.5), clock)
    assert [rates.take("s") for _ in range(3)] == [0, 0, 2]
    clock.now += 1
    assert rates.take("s") == 1
    clock.now += 1
    assert rates.take("s") == 0
    assert rates.take("s") == 2


def test_a_rest_never_gives_more_than_a_burst() -> None:
    clock = Clock()
    rates = Rates(Rate(burst=2, per_s=10), clock)
    clock.now += 3_600
    assert [rates.take("s") > 0 for _ in range(3)] == [False, False, True]


def test_sessions_do_not_share() -> None:
    rates = Rates(Rate(burst=1, per_s=1), Clock())
    assert rates.take("a") == rates.take("b") == 0


def test_the_table_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "MAX_SESSIONS", 2)
    rates = Rates(Rate(burst=1, per_s=1), Clock())
    for session in ("a", "b", "c"):
        rates.take(session)
    assert rates.take("c") > 0
    assert rates.take("a") == 0


@pytest.mark.parametrize(("wait_s", "shown"), [(0.01, 1), (1.0, 1), (1.2, 2)])
def test_retry_after_is_in_whole_seconds(wait_s: float, shown: int) -> None:
    assert whole_seconds(wait_s) == shown
