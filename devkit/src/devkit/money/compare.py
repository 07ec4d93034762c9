"""Holds bookings, calls, sessions, claims and the simulated provider's book against each other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from devkit.simulator.book import End, Entry
from ledger.audit import Audit, Sum
from ledger.book import Spent, usd

Row = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """Something that two books tell differently."""

    where: str
    what: str
    told: str


@dataclass(frozen=True)
class Line:
    """One book's sum."""

    book: str
    sum: Sum


def lines(audit: Audit, provider: Iterable[Entry] | None) -> list[Line]:
    """Each book added up. The last three are equal when all is well; `provider` is None where the
    real one is called."""
    added = [
        Line("bookings", audit.bookings),
        Line("adjustments", audit.adjustments),
        Line("both", audit.bookings + audit.adjustments),
        Line("calls", audit.called),
    ]
    if provider is not None:
        added.append(Line("provider", _total(provider)))
    return added


def differences(audit: Audit, provider: Iterable[Entry] | None) -> list[Difference]:
    """All that is not equal, to the last token and the last decimal."""
    found = [_turn(row) for row in audit.turns]
    found += [_session(row) for row in audit.sessions]
    found += [_claim(row) for row in audit.claims]
    found += [Difference("turn", row["turn_id"], "answered, not booked") for row in audit.missing]
    found += _open(audit)
    if provider is not None:
        found += _calls(audit, {one.call: one for one in provider if one.call})
    return found


def _turn(row: Row) -> Difference:
    told = f"calls minus bookings: ${row['cost_usd']:f}, {row['output_tokens']} output tokens"
    return Difference("turn", row["turn_id"], told if row["booked"] else f"{told}; not booked yet")


def _session(row: Row) -> Difference:
    told = f"spent ${row['spent_usd']:f}, called for ${row['cost_usd']:f}"
    return Difference("session", row["session_id"], told)


def _claim(row: Row) -> Difference:
    told = f"booked ${row['booked_usd']:f}, claimed {_usd(row['claimed_usd'])}"
    return Difference("claim", row["turn_id"], told)


def _open(audit: Audit) -> Iterator[Difference]:
    for call_id, call in audit.calls.items():
        if not call.known:
            yield Difference("call", call_id, f"{call.state}: its bill is not known")


def _calls(audit: Audit, billed: Mapping[str, Entry]) -> Iterator[Difference]:
    for call_id, entry in billed.items():
        call = audit.calls.get(call_id)
        if call is None:
            yield Difference("call", call_id, f"billed {_told(_spent(entry))}, not ours")
        elif call.known and call.spent != _spent(entry):
            told = f"billed {_told(_spent(entry))}, in our books {_told(call.spent)}"
            yield Difference("call", call_id, told)
    for call_id, call in audit.calls.items():
        if call.known and call.spent != Spent() and call_id not in billed:
            yield Difference("call", call_id, f"ours, {_told(call.spent)}, not billed")


def _total(provider: Iterable[Entry]) -> Sum:
    """All that is billed to calls with a name, as far as it is over."""
    over = (one for one in provider if one.call and one.end is not End.OPEN)
    return sum((Sum(1, _spent(entry)) for entry in over), Sum())


def _spent(entry: Entry) -> Spent:
    return Spent(
        entry.input_tokens,
        entry.output_tokens,
        entry.cached_tokens,
        entry.cache_write_tokens,
        usd(entry.cost_usd),
    )


def _told(spent: Spent) -> str:
    counts = (
        spent.input_tokens,
        spent.cached_tokens,
        spent.cache_write_tokens,
        spent.output_tokens,
    )
    return f"{'/'.join(map(str, counts))} tokens, ${spent.cost_usd:f}"


def _usd(amount: Decimal | None) -> str:
    return "nothing" if amount is None else f"${amount:f}"
