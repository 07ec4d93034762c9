"""Reads every book of the models' money at one moment, so that they can be compared."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import asyncpg

from ledger.book import Spent

CALLS = """
SELECT call_id, state, input_tokens, output_tokens, cached_tokens, cache_write_tokens, cost_usd
  FROM llm_call
"""
ENTERED = """
SELECT kind, count(*) AS calls, sum(input_tokens)::bigint AS input_tokens,
       sum(output_tokens)::bigint AS output_tokens, sum(cached_tokens)::bigint AS cached_tokens,
       sum(cache_write_tokens)::bigint AS cache_write_tokens, sum(cost_usd) AS cost_usd
  FROM money_entry GROUP BY kind
"""
DIFFERENCES = "SELECT * FROM money_difference ORDER BY session_id, turn_id"
SPENT = "SELECT coalesce(sum(spent_usd), 0) FROM session_spend"
OVERSPENT = """
WITH called AS (
    SELECT session_id, sum(cost_usd) AS cost_usd FROM llm_call
     WHERE state IN ('billed', 'reconciled') GROUP BY session_id
)
SELECT session_id, coalesce(s.spent_usd, 0) AS spent_usd, coalesce(c.cost_usd, 0) AS cost_usd
  FROM called c FULL JOIN session_spend s USING (session_id)
 WHERE coalesce(s.spent_usd, 0) <> coalesce(c.cost_usd, 0)
"""
# A booked reply with calls is a settled claim's reply: it carries the same cost.
CLAIMED = """
WITH claimed AS (
    SELECT c.session_id, c.turn_id, sum(round((u ->> 'cost_usd')::numeric, 9)) AS cost_usd
      FROM claim c CROSS JOIN LATERAL jsonb_array_elements(c.reply -> 'usage') AS u
     WHERE c.state = 'settled' GROUP BY c.session_id, c.turn_id
)
SELECT b.session_id, b.turn_id, b.cost_usd AS booked_usd, k.cost_usd AS claimed_usd
  FROM booking b LEFT JOIN claimed k USING (session_id, turn_id)
 WHERE b.calls > 0 AND b.cost_usd IS DISTINCT FROM k.cost_usd
"""
MISSING = "SELECT session_id, turn_id FROM booking_missing WHERE answered_at < now() - $1::interval"

KNOWN = ("billed", "reconciled")


@dataclass(frozen=True)
class Sum:
    """Some calls added up."""

    calls: int = 0
    spent: Spent = field(default_factory=Spent)

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.calls + other.calls, self.spent + other.spent)


@dataclass(frozen=True)
class Call:
    """One row of `llm_call`."""

    state: str
    spent: Spent

    @property
    def known(self) -> bool:
        """Whether the provider has said what it cost."""
        return self.state in KNOWN


@dataclass(frozen=True)
class Audit:
    """Calls by id, bookings and adjustments added up, what sessions spent; then what differs: turns
    (calls against bookings), sessions (calls against spend), claims (against bookings), and
    answered turns that are in no book."""

    calls: Mapping[str, Call]
    bookings: Sum
    adjustments: Sum
    session_spend_usd: Decimal
    turns: list[dict[str, Any]]
    sessions: list[dict[str, Any]]
    claims: list[dict[str, Any]]
    missing: list[dict[str, Any]]

    @property
    def called(self) -> Sum:
        """The calls whose bill is known, added up; those that cost nothing are not counted."""
        known = (one.spent for one in self.calls.values() if one.known and one.spent != Spent())
        return sum((Sum(1, spent) for spent in known), Sum())

    @property
    def open_calls(self) -> int:
        """Calls whose bill is not known."""
        return sum(not one.known for one in self.calls.values())


async def read_audit(connection: Any, *, answered_before_s: float) -> Audit:
    """All books in one snapshot. Turns answered within the last seconds may be missing."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        entered = {row["kind"]: _sum(row) for row in await connection.fetch(ENTERED)}
        return Audit(
            calls={row["call_id"]: _call(row) for row in await connection.fetch(CALLS)},
            bookings=entered.get("booking", Sum()),
            adjustments=entered.get("adjustment", Sum()),
            session_spend_usd=await connection.fetchval(SPENT),
            turns=await _rows(connection, DIFFERENCES),
            sessions=await _rows(connection, OVERSPENT),
            claims=await _rows(connection, CLAIMED),
            missing=await _rows(connection, MISSING, timedelta(seconds=answered_before_s)),
        )


async def _rows(connection: Any, statement: str, *values: object) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(statement, *values)]


def _spent(row: asyncpg.Record) -> Spent:
    return Spent(
        row["input_tokens"],
        row["output_tokens"],
        row["cached_tokens"],
        row["cache_write_tokens"],
        row["cost_usd"],
    )


def _call(row: asyncpg.Record) -> Call:
    return Call(row["state"], _spent(row))


def _sum(row: asyncpg.Record) -> Sum:
    return Sum(row["calls"], _spent(row))
