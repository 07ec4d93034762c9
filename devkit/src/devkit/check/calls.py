"""The books of single calls: whole answers only, cut at their limits, none into an open breaker."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence

from devkit.check.account import Running
from devkit.check.book import Book
from devkit.check.purse import Bill, Call, Key, Purse
from devkit.check.spending import Used, used
from devkit.check.turns import key_of, name_of
from events.reply import Reply
from llm.models.failure import EXHAUSTED, Kind
from playbook.model import BreakerSpec, ModelSpec

SLACK_MS = 750.0
"""Between the two ends of a call as the database stamps them and as its worker counts them stand
a round trip each, and other work on the same machine."""

EDGE_MS = 250.0
"""A call may be under way to the database when another one's failure opens the breaker."""

TOLD = frozenset(Kind) - {Kind.DECLINED}
"""The failures that breakers count."""


def whole(purse: Purse, accepted: Sequence[Reply]) -> Book:
    """Answers recorded as complete whose call the provider did not complete."""
    promise = "what is recorded or told as an answer was written to its end"
    return Book("whole", promise, (*_recorded(purse), *_told(purse, accepted)))


def _recorded(purse: Purse) -> Iterable[str]:
    bills = purse.bills
    for call in purse.calls:
        bill = bills.get(call.call_id)
        if call.state == "billed" and not call.free and not (bill and bill.complete):
            end = bill.end if bill else "unknown to the provider"
            yield f"{name_of(call.key)}: call {call.call_id} is recorded as billed, it was {end}"


def _told(purse: Purse, accepted: Iterable[Reply]) -> Iterable[str]:
    ends = _ends(purse)
    for reply in accepted:
        key = key_of(reply)
        complete = ends.get(key, [])
        if reply.epoch and not reply.usage:
            yield f"{name_of(key)}: a model's words, and no call"
        if any(used(usage) not in complete for usage in reply.usage):
            yield f"{name_of(key)}: its reply carries a call that was cut"


def _ends(purse: Purse) -> Mapping[Key, list[Used]]:
    """The complete calls of each turn, by what they used."""
    bills, found = purse.bills, defaultdict[Key, list[Used]](list)
    for call in purse.calls:
        if (bill := bills.get(call.call_id)) and bill.complete:
            found[call.key].append(used(call))
    return found


def limits(purse: Purse, running: Running) -> Book:
    """Calls that were left later than the playbook's limits for a silent model say."""
    promise = "a model that is silent is left when the playbook says so"
    bills = purse.bills
    late = [
        f"{name_of(call.key)}: {call.why} call {call.call_id} left {over:.0f} ms late"
        for call in purse.calls
        if (spec := running.models.get(call.model))
        and (over := _over_ms(call, bills.get(call.call_id), spec)) > SLACK_MS
    ]
    return Book("limits", promise, tuple(late))


def _over_ms(call: Call, bill: Bill | None, spec: ModelSpec) -> float:
    """How long after its limit a silent call was left; 0 for all others."""
    if call.ended_ms is None or call.why not in (Kind.HUNG, Kind.STALLED):
        return 0.0
    if call.why == Kind.HUNG:
        return call.ended_ms - call.started_ms - spec.first_event_s * 1000
    by = call.started_ms + spec.total_s * 1000
    if bill and bill.last_token_ms is not None:
        by = min(by, bill.arrived_ms + bill.last_token_ms + spec.stall_s * 1000)
    return call.ended_ms - by


def breaker(purse: Purse, running: Running) -> Book:
    """Calls that a worker made while its breaker had to be open."""
    promise = (
        "after so many failures a worker leaves a model alone for as long as the playbook says"
    )
    if running.breaker is None:
        return Book("breaker", promise)
    calls: dict[tuple[str, str], list[Call]] = defaultdict(list)
    for call in purse.calls:
        if call.owner:
            calls[call.owner, call.model].append(call)
    wrong = [line for made in calls.values() for line in _into_open(made, running.breaker)]
    return Book("breaker", promise, tuple(wrong))


def _into_open(made: Sequence[Call], spec: BreakerSpec) -> Iterable[str]:
    for start, end in open_times(made, spec):
        for call in made:
            if start + EDGE_MS < call.started_ms < end - 2 * EDGE_MS:
                late = (call.started_ms - start) / 1000
                yield (
                    f"{name_of(call.key)}: {call.model} was called {late:.1f} s after the "
                    f"breaker of {call.owner} opened for {(end - start) / 1000:.0f} s"
                )


def open_times(made: Sequence[Call], spec: BreakerSpec) -> list[tuple[float, float]]:
    """When one worker's breaker of one model had to be open: from and until, in milliseconds.

    Counted anew from the calls alone. A half-open breaker that its probe opens again is left out:
    fewer times than there were, never more.
    """
    times: list[tuple[float, float]] = []
    failures: deque[float] = deque()
    ended = [(call.ended_ms, call) for call in made if call.ended_ms is not None]
    for at, call in sorted(ended, key=lambda pair: pair[0]):
        if call.why in EXHAUSTED:
            times.append((at, at + spec.long_open_s * 1000))
            failures.clear()
        elif call.why in TOLD:
            failures.append(at)
        elif call.state == "billed":
            failures.clear()
        while failures and at - failures[0] > spec.within_s * 1000:
            failures.popleft()
        if len(failures) >= spec.failures:
            times.append((at, at + spec.open_s * 1000))
            failures.clear()
    return times
