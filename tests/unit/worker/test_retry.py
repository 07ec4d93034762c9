import pytest

from events.reply import Status
from worker.handler import Rejected, Unavailable
from worker.retry import Again, Bury, FallBack, Late, Limits, Verdict, decide

LIMITS = Limits(patience_s=0.8, deadline_s=20.0)


@pytest.mark.parametrize(
    ("failure", "attempt", "waited_s", "verdict"),
    [
        (Rejected("bad_signature", "x"), 1, 0.0, Bury("bad_signature", Status.REFUSED)),
        (Unavailable("postgres"), 1, 0.0, Again(0.05)),
        (Unavailable("postgres"), 2, 0.05, Again(0.1)),
        (Unavailable("postgres"), 4, 0.35, Again(0.4)),
        (Unavailable("postgres"), 5, 0.75, FallBack("unavailable", "postgres")),
        (Unavailable("qdrant"), 1, 5.0, FallBack("unavailable", "qdrant")),
        (Late(), 1, 0.0, FallBack("late", "deadline")),
        (ZeroDivisionError(), 1, 0.0, Bury("bug", Status.FAILED)),
        (TimeoutError(), 3, 0.0, Bury("bug", Status.FAILED)),
    ],
)
def test_every_failure_has_one_consequence(
    failure: Exception, attempt: int, waited_s: float, verdict: Verdict
) -> None:
    assert decide(failure, attempt=attempt, waited_s=waited_s, limits=LIMITS) == verdict
