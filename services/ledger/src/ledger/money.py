"""The money of some days, as `/money` shows it: sums of the books, and the reference beside."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from events.tier import Tier
from ledger.book import NONE
from ledger.repository import Sums
from playbook.price import PriceList
from playbook.reference import Reference
from playbook.use_case import Size

COUNTED = ("turns", "without_model", "calls")
TOKENS = ("input_tokens", "output_tokens", "cached_tokens", "cache_write_tokens")
MONEY = ("cost_usd", "adjusted_usd")

SIZES = {NONE: Tier.TEMPLATE, Size.SMALL.value: Tier.RAG, Size.BIG.value: Tier.LLM}
"""The reference case tells one price a size: templates and APIs, RAG, the big model."""

Row = dict[str, Any]


def told(sums: Sums, prices: PriceList, reference: Reference, days: int) -> Row:
    """All of it, ready for JSON: whole numbers, and USD to nine places as numbers."""
    rows, sessions = sums.by_day, sums.sessions["sessions"]
    total = _added(rows)
    return {
        "days": days,
        "prices": {"read_on": prices.read_on, "source": prices.source},
        "simulated": any(row["simulated"] for row in rows),
        "total": total | _averages(total),
        "sessions": _sessions(sums.sessions, total, sessions),
        "by_tier": _by(rows, "tier"),
        "by_model_size": _sizes(_by(rows, "model_size"), total, reference),
        "by_use_case": _by(rows, "use_case"),
        "by_day": _by(rows, "day"),
        "by_model": [_plain(row) for row in sums.by_model],
        "open_calls": _plain(sums.open_calls),
        "reference": _reference(reference),
    }


def _reference(reference: Reference) -> Row:
    """The reference's own figures, and what follows from them."""
    derived = {"cost_per_turn_usd": round(reference.cost_per_turn_usd, 9)}
    return reference.model_dump(mode="json") | derived


def _sizes(rows: list[Row], total: Row, reference: Reference) -> list[Row]:
    """With each size's share of turns, and the reference's: it tells a tier for each size."""
    return [
        row
        | {"share": row["turns"] / total["turns"] if total["turns"] else None}
        | {"reference": _told_of(SIZES.get(row["model_size"]), reference)}
        for row in rows
    ]


def _told_of(tier: Tier | None, reference: Reference) -> Row | None:
    if tier is None:
        return None
    told = reference.tiers[tier]
    share = reference.share_without_model if tier is Tier.TEMPLATE else told.share
    return {"share": share, "cost_per_turn_usd": told.cost_usd}


def _sessions(read: Row, total: Row, count: int) -> Row:
    per_session = round(total["cost_usd"] / count, 9) if count else None
    return _plain(read) | {"cost_per_session_usd": per_session}


def _by(rows: list[Row], name: str) -> list[Row]:
    """The rows added up by one column, the dearest first; days newest first."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[name], []).append(row)
    found = [{name: key} | _group(group) for key, group in groups.items()]
    return found if name == "day" else sorted(found, key=lambda one: -one["cost_usd"])


def _group(rows: list[Row]) -> Row:
    added = _added(rows)
    simulated = sum((row["cost_usd"] for row in rows if row["simulated"]), Decimal(0))
    return added | _averages(added) | {"simulated_usd": _number(simulated)}


def _added(rows: Iterable[Row]) -> Row:
    kept = list(rows)
    names = (*COUNTED, *TOKENS, *MONEY)
    return {name: _number(sum((row[name] for row in kept), start=0)) for name in names}


def _averages(added: Row) -> Row:
    turns = added["turns"]
    return {
        "cost_per_turn_usd": round(added["cost_usd"] / turns, 9) if turns else None,
        "share_without_model": added["without_model"] / turns if turns else None,
    }


def _plain(row: Row) -> Row:
    return {name: _number(value) for name, value in row.items()}


def _number(value: Any) -> Any:
    """Decimals as numbers: nine places of a sum below a million dollars fit a double exactly."""
    return float(value) if isinstance(value, Decimal) else value
