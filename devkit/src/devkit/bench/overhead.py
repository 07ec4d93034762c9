"""What the system adds to the time that the provider itself takes, by the simulator's book. Pure.

The book notes when a call arrived, by this machine's clock, and how long after it the first
sentence and the last token were written. The bench notes, by the same clock, when a turn was said,
when its first preview was read and when its reply was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from devkit.bench.traffic import Trip
from devkit.check.pace import percentile
from devkit.simulator.book import Entry


@dataclass(frozen=True)
class Spread:
    """Milliseconds of many turns."""

    values: tuple[float, ...]

    @property
    def p50(self) -> float:
        """The median."""
        return percentile(self.values, 0.50)

    @property
    def p99(self) -> float:
        """The 99th percentile."""
        return percentile(self.values, 0.99)


@dataclass(frozen=True)
class Overhead:
    """`provider`: from a call's arrival to its last token. `before`: said until it arrived.
    `shown`: the first sentence's end until its preview is read. `told`: the last token until the
    reply is read. `added`: the whole turn without `provider`."""

    provider: Spread
    before: Spread
    shown: Spread
    told: Spread
    added: Spread


def overhead(
    trips: Mapping[str, Trip], calls: Mapping[str, str], entries: Sequence[Entry]
) -> Overhead:
    """The overhead of turns that took one call each. `calls` maps a call to its turn."""
    once = _asked_once([entry for entry in entries if entry.call in calls], calls)
    found = [(trips[turn], entry) for turn, entry in once.items() if turn in trips]
    whole = [(trip, one) for trip, one in found if one.last_token_ms is not None]
    return Overhead(
        provider=_spread(_last(one) for _, one in whole),
        before=_spread(one.arrived_ms - trip.said_ms for trip, one in whole),
        shown=_spread(
            trip.shown_ms - one.arrived_ms - one.first_sentence_ms
            for trip, one in whole
            if trip.shown_ms is not None and one.first_sentence_ms is not None
        ),
        told=_spread(trip.told_ms - one.arrived_ms - _last(one) for trip, one in whole),
        added=_spread(trip.told_ms - trip.said_ms - _last(one) for trip, one in whole),
    )


def _asked_once(entries: Sequence[Entry], calls: Mapping[str, str]) -> dict[str, Entry]:
    by_turn: dict[str, list[Entry]] = {}
    for entry in entries:
        by_turn.setdefault(calls[entry.call or ""], []).append(entry)
    return {turn: those[0] for turn, those in by_turn.items() if len(those) == 1}


def _last(entry: Entry) -> float:
    assert entry.last_token_ms is not None
    return entry.last_token_ms


def _spread(values: Iterable[float]) -> Spread:
    return Spread(tuple(values))
