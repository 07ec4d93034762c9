"""Whether a failed call is made once more, and when: a pure function."""

from llm.models.failure import RETRIED, CallFailed, Kind

MOST_CALLS = 2
LONGEST_WAIT_S = 1.0
PAUSE_S = 0.1
"""Before a second call where the provider named no time: the fallback still goes out in 300 ms."""

NEEDED_S = 0.5
"""A call that has less time left than this is not worth its price."""


def wait_s(failure: CallFailed, *, calls: int, begun: bool, left_s: float) -> float | None:
    """Seconds until the next call, or None for none.

    `calls` were made so far, `begun` says that words of the answer came (they may be on the screen
    already), `left_s` is the time the turn has left.
    """
    if calls >= MOST_CALLS or begun or failure.kind not in RETRIED:
        return None
    wait = PAUSE_S
    if failure.kind is Kind.RATE_SHORT:
        if failure.retry_after_s is None:
            return None
        wait = failure.retry_after_s
    if wait > LONGEST_WAIT_S or wait + NEEDED_S > left_s:
        return None
    return wait
