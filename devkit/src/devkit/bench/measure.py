"""The measurements, each on a warm system, all in one run on one broker."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from bus.admin import create_topics
from bus.kafka import KafkaBus
from devkit.bench.cpu import Spent, spending
from devkit.bench.relays import relays
from devkit.bench.traffic import Timings, Traffic, traffic
from devkit.bench.words import messages
from devkit.errors import DevkitError
from devkit.frontend import Frontend
from devkit.stack.stack import Stack
from events.decision import Evidence
from events.reply import Reply
from events.topics import EGRESS, INGRESS, TopicSpec
from events.wire import Message

HOPS = ("bench.hop.1", "bench.hop.2", "bench.hop.3")
"""Three produce-to-consume hops, as a template turn has: ingress, a tier's topic, egress."""

RATE = 50.0
STEADY_S = 20.0
CLOSED_S = 15.0
WARM_S = 4.0
STEADY_SESSIONS = 200
CLOSED_SESSIONS = 2_000
EXPECTED_RATE = 4_000
CHECKED = 200
PURE = 0.95


@dataclass(frozen=True)
class Sustained:
    """A closed loop: its timings, and the CPU time spent meanwhile."""

    timings: Timings
    spent: Spent


class Bench:
    """Measures one stack. `scale` shortens every measurement, for a trial."""

    def __init__(self, stack: Stack, frontend: Frontend, *, scale: float = 1.0) -> None:
        self._stack = stack
        self._frontend = frontend
        self._bus = KafkaBus(stack.bootstrap)
        self._scale = scale

    async def relay(self, texts: Sequence[str]) -> Timings:
        """Three bare hops at a steady 50 records a second, of the size of a turn."""
        specs = [TopicSpec(name) for name in HOPS]
        await create_topics(self._stack.bootstrap, specs, partitions=self._stack.partitions)
        async with relays(self._stack, HOPS), traffic(self._bus, HOPS[0], HOPS[-1]) as way:
            return await self._steady(way, texts)

    async def turns(self, texts: Sequence[str]) -> Timings:
        """Turns of the template tier, by rule, end to end at a steady 50 a second."""
        async with traffic(self._bus, INGRESS, EGRESS) as way:
            timings = await self._steady(way, texts)
        check_evidence(timings.values, Evidence.RULE)
        return timings

    async def sustained(self, texts: Sequence[str], by: Evidence, in_flight: int) -> Sustained:
        """As many turns as go through with so many in flight, over 2,000 sessions."""
        warm, seconds = WARM_S * self._scale, CLOSED_S * self._scale
        number = int(EXPECTED_RATE * (warm + seconds))
        queue = iter(list(self._said(texts, number, CLOSED_SESSIONS)))
        async with traffic(self._bus, INGRESS, EGRESS) as way:
            await way.closed(queue, in_flight, warm)
            with spending(self._stack) as spent:
                timings = await way.closed(queue, in_flight, seconds)
        check_evidence(timings.values, by)
        return Sustained(timings, spent)

    def _said(self, texts: Sequence[str], number: int, sessions: int) -> Iterator[Message]:
        return messages(self._frontend, texts, number, sessions)

    async def _steady(self, way: Traffic, texts: Sequence[str]) -> Timings:
        warm, real = int(RATE * WARM_S * self._scale), int(RATE * STEADY_S * self._scale)
        ready = iter(list(self._said(texts, warm + real, STEADY_SESSIONS)))
        await way.steady(list(islice(ready, warm)), RATE)
        return await way.steady(list(ready), RATE)


def check_evidence(values: Sequence[bytes], by: Evidence) -> float:
    """The share of replies that this evidence decided. Raises DevkitError when it is under 95 %.

    A measurement of another way through the system must not pass for this one.
    """
    step = max(1, len(values) // CHECKED)
    replies = [Reply.model_validate_json(value) for value in values[::step]]
    share = sum(bool(r.decision and r.decision.by is by) for r in replies) / max(1, len(replies))
    if share < PURE:
        raise DevkitError(f"Only {share:.0%} of the turns measured were decided by {by.value}.")
    return share
