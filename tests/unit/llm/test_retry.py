"""Which failures are asked once more, and when."""

import pytest

from llm.models.failure import CallFailed, Kind
from llm.models.retry import PAUSE_S, wait_s

ONCE = {Kind.OVERLOADED, Kind.SERVER_ERROR, Kind.UNREACHABLE}


def failed(kind: Kind, retry_after_s: float | None = None) -> CallFailed:
    return CallFailed(kind, "a test", retry_after_s)


@pytest.mark.parametrize("kind", list(Kind))
def test_only_what_is_over_soon_is_asked_again(kind: Kind) -> None:
    wait = wait_s(failed(kind), calls=1, begun=False, left_s=20)
    assert wait == (PAUSE_S if kind in ONCE else None)


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_is_asked_a_third_time_or_after_the_first_word(kind: Kind) -> None:
    one = failed(kind, 0.5)
    assert wait_s(one, calls=2, begun=False, left_s=20) is None
    assert wait_s(one, calls=1, begun=True, left_s=20) is None


@pytest.mark.parametrize(
    ("retry_after_s", "left_s", "wait"),
    [
        (0.0, 20.0, 0.0),
        (0.3, 20.0, 0.3),
        (1.0, 20.0, 1.0),
        (1.5, 20.0, None),
        (None, 20.0, None),
        (1.0, 1.4, None),
        (0.3, 1.4, 0.3),
    ],
)
def test_a_rate_is_waited_for_if_it_is_short_and_the_turn_has_the_time(
    retry_after_s: float | None, left_s: float, wait: float | None
) -> None:
    one = failed(Kind.RATE_SHORT, retry_after_s)
    assert wait_s(one, calls=1, begun=False, left_s=left_s) == wait


def test_a_turn_with_no_time_left_is_not_asked_again() -> None:
    assert wait_s(failed(Kind.OVERLOADED), calls=1, begun=False, left_s=0.55) is None
