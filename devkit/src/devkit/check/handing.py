"""The book of hand-offs: whoever hears that a person takes over is on the person's desk."""

from collections.abc import Mapping, Sequence

from devkit.check.account import Packet
from devkit.check.book import Book
from devkit.check.turns import Key, Turn, key_of, name_of
from events.handoff import Step
from events.reply import Reply, Status


def handoffs(
    turns: Mapping[Key, Turn], accepted: Sequence[Reply], packets: Sequence[Packet]
) -> Book:
    """Forwarded turns without a packet, and packets of turns that nobody sent."""
    given = {(p.session_id, p.turn_id) for p in packets if p.step != Step.RELEASED}
    forwarded = [key_of(reply) for reply in accepted if reply.status is Status.FORWARDED]
    missing = [f"{name_of(key)}: forwarded, and no packet" for key in forwarded if key not in given]
    strange = [f"{name_of(key)}: a packet of no turn" for key in sorted(given - turns.keys())]
    promise = "each forwarded turn is on the person's desk, with a packet of its own"
    return Book("handoffs", promise, (*missing, *strange))
