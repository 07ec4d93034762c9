"""What the customer hears: the text of the reason, of its kind, or the last resort."""

import pytest
from suites.people import routed, turn

from events.context import Context
from events.reply import Status
from worker.apology import apology, fallback
from worker.retry import FallBack

WORDS = {
    "bug": "a bug",
    "bad_envelope": "not verified",
    "rejected": "cannot process",
    "too_long": "too long",
    "unavailable": "not now",
}


@pytest.mark.parametrize(
    ("status", "reason", "text"),
    [
        (Status.REFUSED, "too_long", "too long"),
        (Status.REFUSED, "wrong_body_hash", "not verified"),
        (Status.REFUSED, "unknown_frontend", "not verified"),
        (Status.REFUSED, "invalid_event", "cannot process"),
        (Status.FAILED, "unavailable", "not now"),
        (Status.FAILED, "bug", "a bug"),
        (Status.FAILED, "late", "a bug"),
    ],
)
def test_each_reason_has_words(status: Status, reason: str, text: str) -> None:
    reply = apology(turn(), WORDS, status, reason)
    assert (reply.text, reply.status, reply.reason) == (text, status, reason)


def test_an_apology_leaves_the_context_as_it_was() -> None:
    context = Context(entities={"order_id": "ABC123"})
    assert apology(turn(context=context), WORDS, Status.FAILED, "bug").leaves == context


def test_the_routes_fallback_goes_out_marked() -> None:
    asked = routed()
    reply = fallback(asked, WORDS, FallBack("unavailable", "postgres"))
    assert asked.fallback is not None
    assert reply.text == asked.fallback.text
    assert (reply.degraded, reply.tier) == (("postgres",), asked.path[-1])


def test_without_a_fallback_there_is_an_apology() -> None:
    reply = fallback(turn(), WORDS, FallBack("unavailable", "postgres"))
    assert (reply.text, reply.degraded, reply.tier) == ("not now", ("postgres",), None)
