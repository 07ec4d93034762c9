"""One record's whole way through a worker: decode, handle, store, publish.

Every path below ends with the record answered, handed on or dead-lettered, and only then returns:
the offset counts as finished when `Step` returns, and not before.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from opentelemetry.trace import Span

from bus.record import Record
from events.context import Question
from events.handoff import HANDOFF_FLOW, Handoff
from events.handoff import Step as Handing
from events.reply import Reply, Status
from events.turn import Turn
from events.wire import Undecodable, decode_keyed
from telemetry import metrics
from telemetry.messaging import processing
from telemetry.names import Attribute
from worker.apology import Apologies, apology, buried, fallback
from worker.blame import blamed, trail
from worker.clock import BrokerClock
from worker.deadletter import Limit
from worker.deadline import cut_off_at
from worker.handler import Handler, Prepare, Rejected, Unavailable, as_it_is
from worker.ingress import Arrival, Astray, Broken, Conflict, Fresh, Refused, Stored
from worker.marks import PublishedMarks
from worker.outbox import Outbox
from worker.retry import Again, Bury, FallBack, Late, Limits, Verdict, decide
from worker.row import Rows, stored_route

log = logging.getLogger(__name__)

Intake = Callable[[Record], Awaitable[Arrival]]


async def tier_intake(record: Record) -> Arrival:
    """The intake of every tier: a routed turn. Raises Undecodable."""
    turn = decode_keyed(Turn, record.key, record.value, record.headers)
    return Fresh(turn, record.timestamp_ms)


def _whole(record: Record) -> Record:
    """The record, if the client could unpack it. Raises Undecodable."""
    if record.broken:
        raise Undecodable("unreadable", record.broken)
    return record


@dataclass(frozen=True)
class Step:
    """Carries one record through. `poison_counts`: undecodable records are our own fault."""

    service: str
    intake: Intake
    handle: Handler
    rows: Rows
    marks: PublishedMarks
    outbox: Outbox
    clock: BrokerClock
    apologies: Apologies
    limits: Limits
    dead_limit: Limit
    poison_counts: bool
    prepare: Prepare = as_it_is

    async def __call__(self, record: Record) -> None:
        """The way of one record."""
        started = time.perf_counter()
        place = (record.topic, record.partition, record.offset)
        with processing(*place, record.headers, group=self.service) as span:
            try:
                await self._arrived(record, await self.intake(_whole(record)), span)
            except Undecodable as broken:
                await self._bury(record, broken.reason, str(broken), ours=self.poison_counts)
            except Exception as bug:
                await self._buried(record, bug)
        metrics.process_duration.record(
            time.perf_counter() - started, {Attribute.GROUP: self.service}
        )

    async def _arrived(self, record: Record, arrival: Arrival, span: Span) -> None:
        match arrival:
            case Fresh(turn, stamp_ms):
                span.set_attributes(
                    {Attribute.SESSION: turn.session_id, Attribute.TURN: turn.turn_id}
                )
                await self._answered(record, turn, stamp_ms, span)
            case Stored(what):
                await self._publish(what)
            case Refused(turn):
                try:
                    await self._refused(record, arrival, span)
                except Exception as bug:
                    await self._failed(record, turn, bug)
            case Broken(turn, bug, vouched):
                await self._failed(record, turn, bug, vouched=vouched)
            case Conflict(detail):
                metrics.conflicts.add(1, {Attribute.SERVICE: self.service})
                await self._bury(record, "turn_conflict", detail, ours=False)
            case Astray():
                metrics.rekeyed.add(1, {Attribute.SERVICE: self.service})
                await self.outbox.again(record)

    async def _refused(self, record: Record, refused: Refused, span: Span) -> None:
        if refused.letter:
            await self._bury(record, refused.reason, refused.detail, ours=False)
        metrics.refused.add(1, {Attribute.REASON: refused.reason})
        reply = apology(refused.turn, self.apologies, Status.REFUSED, refused.reason)
        span.set_attribute(Attribute.STATUS, reply.status)
        if not refused.vouched:
            if not await self._known(refused.turn):
                await self.outbox.reply(reply)
            return
        # It leaves no context: the next turn goes on from the one before this.
        await self._concluded(refused.turn, reply.public())

    async def _failed(
        self, record: Record, turn: Turn, bug: Exception, *, vouched: bool = True
    ) -> None:
        """Our own fault on a decoded turn: a letter, and the customer hears an apology."""
        await self._buried(record, bug)
        if vouched or not await self._known(turn):
            await self._publish(apology(turn, self.apologies, Status.FAILED, "bug"))

    async def _known(self, turn: Turn) -> bool:
        """Whether the id belongs to a turn already: a forgery of it must not be its reply."""
        try:
            return (await self.rows.open(turn)).own is not None
        except Unavailable:
            return False

    async def _buried(self, record: Record, bug: Exception) -> None:
        log.error("failed on %s: %s\n%s", record.place, blamed(bug), trail(bug))
        await self._bury(record, "bug", blamed(bug), ours=True)

    async def _bury(self, record: Record, reason: str, detail: str, *, ours: bool) -> None:
        await self.outbox.bury(record, reason, detail)
        if ours:
            self.dead_limit.count()

    # -- the handler's turn

    async def _answered(self, record: Record, turn: Turn, stamp_ms: int, span: Span) -> None:
        try:
            await self._settle(turn, await self._outcome(record, turn, stamp_ms), span)
        except Exception as error:
            # Whatever the runtime could not do, the customer hears of it: the turn is decoded.
            await self._failed(record, turn, error)

    async def _outcome(self, record: Record, turn: Turn, stamp_ms: int) -> Reply | Turn:
        """What the handler says, or what its failure leads to."""
        started, attempt = time.monotonic(), 0
        while True:
            attempt += 1
            try:
                return await self._called(turn, stamp_ms)
            except Exception as failure:
                waited = time.monotonic() - started
                verdict = decide(failure, attempt=attempt, waited_s=waited, limits=self.limits)
                outcome = await self._consequence(record, turn, verdict, failure)
                if outcome is not None:
                    return outcome

    def _left_s(self, turn: Turn, stamp_ms: int) -> float:
        """Seconds until the turn's deadline, or until the end of its route's time box."""
        left = self.limits.deadline_s - self.clock.age_s(turn.asked_at)
        if turn.within_s is None:
            return left
        return min(left, turn.within_s - self.clock.age_s(stamp_ms))

    async def _called(self, turn: Turn, stamp_ms: int) -> Reply | Turn:
        """The handler's reply, or the turn as it goes on. Raises Late, BadRoute, what it raises."""
        left = self._left_s(turn, stamp_ms)
        if left <= 0:
            raise Late
        try:
            async with asyncio.timeout(left) as deadline:
                ready = await self.prepare(turn)
                with cut_off_at(deadline.when()):
                    outcome = await self.handle(ready)
        except TimeoutError as error:
            if deadline.expired():
                raise Late from error
            raise
        return outcome if isinstance(outcome, Reply) else ready.routed(outcome)

    async def _consequence(
        self, record: Record, turn: Turn, verdict: Verdict, failure: Exception
    ) -> Reply | None:
        match verdict:
            case Again(after_s):
                await asyncio.sleep(after_s)
                return None
            case FallBack():
                metrics.degraded.add(1, {Attribute.DEGRADED: verdict.degraded})
                return fallback(turn, self.apologies, verdict)
            case Bury(reason, status):
                told = str(failure) if isinstance(failure, Rejected) else blamed(failure)
                if reason == "bug":
                    log.error("turn %s: %s\n%s", turn.turn_id, told, trail(failure))
                await self._bury(record, reason, told, ours=reason == "bug")
                return buried(turn, self.apologies, status, reason)

    # -- the outcome: first the row, then the topic

    async def _settle(self, turn: Turn, outcome: Reply | Turn, span: Span) -> None:
        if isinstance(outcome, Reply):
            await self._handed_over(turn, outcome)
            span.set_attribute(Attribute.STATUS, outcome.status)
            await self._concluded(turn, _remembered(turn, outcome))
            return
        span.set_attribute(Attribute.TIER, outcome.path[-1])
        if not turn.path:
            # The first route is the decision: it stands, whoever decided it.
            outcome = await self._decided(outcome)
            _counted(outcome)
        await self._publish(outcome)

    async def _handed_over(self, turn: Turn, reply: Reply) -> None:
        """Give the desk its packet before the customer hears of it: never the other way round."""
        if reply.status is not Status.FORWARDED:
            return
        flow = turn.context.flow
        followed = flow is not None and flow.name == HANDOFF_FLOW
        packet = Handoff(
            session_id=turn.session_id,
            turn_id=turn.turn_id,
            step=Handing.FOLLOWED if followed else Handing.OPENED,
            reason=reply.reason or "",
            said=turn.text,
            context=turn.context,
            asked_at=turn.asked_at,
        )
        await self.outbox.handoff(packet)

    async def _decided(self, routed: Turn) -> Turn:
        try:
            if await self.rows.decide(routed):
                return routed
            own = (await self.rows.open(routed)).own
        except Unavailable:
            return routed.model_copy(update={"degraded": (*routed.degraded, "turn_row")})
        return stored_route(routed, own.decision) if own and own.decision else routed

    async def _concluded(self, turn: Turn, reply: Reply) -> None:
        """Store and publish the reply that stands: this one, or a redelivered turn's first one."""
        try:
            stands = await self.rows.finish(turn, reply)
        except Unavailable:
            marked = reply.model_copy(update={"degraded": (*reply.degraded, "turn_row")})
            await self._publish(marked)
            self.marks.finish_later(turn, marked)
            return
        await self._publish(stands)

    async def _publish(self, what: Turn | Reply) -> None:
        if isinstance(what, Turn):
            await self.outbox.route(what)
            return
        await self.outbox.reply(what)
        self.marks.add(what.session_id, what.turn_id)
        self._measured(what)

    def _measured(self, reply: Reply) -> None:
        attributes: dict[str, str] = {
            Attribute.TIER: str(reply.tier or "none"),
            Attribute.USE_CASE: reply.use_case or "none",
            Attribute.STATUS: str(reply.status),
        }
        metrics.turn_duration.record(self.clock.age_s(reply.asked_at), attributes)


def _remembered(turn: Turn, reply: Reply) -> Reply:
    """The reply with the context that is stored for the next turn, if any is."""
    left = reply.leaves or turn.context
    if "context" in turn.degraded and left.flow is None:
        # It did not know the session: what that remembers must outlive it.
        return reply.model_copy(update={"leaves": None})
    update = {"use_case": reply.use_case, "question": _question(turn, reply)}
    left = left.remembering(turn.text, reply.text).model_copy(update=update)
    return reply.model_copy(update={"leaves": left})


def _question(turn: Turn, reply: Reply) -> Question | None:
    """The question that stays open: a dialogue's own outlives an aside that asks nothing itself."""
    before, left = turn.context, reply.leaves or turn.context
    asked, flow = before.question, before.flow
    aside = flow is not None and left.flow == flow and reply.use_case != flow.name
    if left.question is None and aside and asked and flow and asked.use_case == flow.name:
        return asked
    return left.question


def _counted(routed: Turn) -> None:
    decision = routed.decision
    assert decision is not None
    attributes: dict[str, str] = {
        Attribute.TIER: str(decision.tier),
        Attribute.USE_CASE: decision.use_case,
        Attribute.DECIDED_BY: str(decision.by),
    }
    metrics.decisions.add(1, attributes)
