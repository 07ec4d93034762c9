"""An assessment as tables for people, or as JSON."""

import math
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from devkit.rubric.assess import Assessment
from devkit.rubric.value import Offer, turning_points

TURNS_A_MONTH = 4_350_000
"""One turn for each of the reference case's sessions a month (playbook/reference.yaml)."""


def show(found: Assessment, console: Console, share: float | None) -> None:
    """Figures, the tiers beside each other, the five seats."""
    for line in figures(found):
        console.print(line, soft_wrap=True, markup=False)
    console.print(_tiers(found))
    for line in turning_points(found.offers, found.harm_usd):
        console.print(f"  would change the choice: {line}", soft_wrap=True, markup=False)
    if share is not None:
        console.print(monthly(found, share), soft_wrap=True, markup=False)
    console.print(_seats(found))


def figures(found: Assessment) -> list[str]:
    """The four measurements, a line each."""
    apart = found.separable
    near = ", ".join(
        f"{one.name} (AUROC {one.auroc:.3f}, {one.taken:.0%} taken for it)"
        for one in apart.neighbours[:3]
    )
    return [
        f"{found.name}: {found.choice.judged} examples, {found.distinct} different",
        f"answer, given the words: {found.by_words}, {found.by_words.forms} forms; "
        f"with the row: {found.by_row}",
        f"separability: AUROC {apart.auroc:.3f} against all; nearest: {near}",
        f"volatility: {found.changes}",
        f"cache: {found.cache}",
        f"harm ${found.harm_usd:.2f} a wrong answer: {found.error_target:.1%} wrong is tolerated",
    ]


def margin(found: Assessment) -> float:
    """How much dearer the next best tier is, in USD a turn."""
    others = (one.expected_usd for one in found.offers if one is not found.choice)
    return min(others) - found.choice.expected_usd


def monthly(found: Assessment, share: float) -> str:
    """What the choice saves a month at this share (0 to 1) of all turns."""
    turns = share * TURNS_A_MONTH
    big = found.offers[-1].expected_usd - found.choice.expected_usd
    return (
        f"at {share:.1%} of {TURNS_A_MONTH:,} turns a month: ${big * turns:,.0f} less than by the "
        f"big model, ${margin(found) * turns:,.0f} less than by the next tier"
    )


def _tiers(found: Assessment) -> Table:
    table = Table(title="Expected cost of a turn = price + P(wrong) × harm")
    for name in ("tier", "price", "wrong", "P(wrong)", "expected", "value against the choice"):
        table.add_column(name, justify="left" if name == "tier" else "right")
    for one in found.offers:
        table.add_row(*_row(one, found.choice))
    return table


def _row(one: Offer, best: Offer) -> tuple[str, ...]:
    value = "chosen" if one is best else f"-${one.expected_usd - best.expected_usd:.4f}"
    counted = f"{one.wrong}/{one.judged}" + (f" + {one.slip:.0%} assumed" if one.slip else "")
    return (
        one.tier,
        f"${one.price_usd:.4f}",
        counted,
        f"{one.p_wrong:.1%}",
        f"${one.expected_usd:.4f}",
        value,
    )


def _seats(found: Assessment) -> Table:
    table = Table(title="Five seats")
    for name in ("seat", "veto", "figures", "verdict"):
        table.add_column(name, overflow="fold")
    for seat in found.seats:
        verdict = "agrees" if seat.agrees else f"VETO: {seat.lift}"
        table.add_row(seat.name, seat.veto, seat.figures, verdict)
    return table


def as_json(found: Assessment) -> dict[str, object]:
    """Everything measured, as plain values. An infinite rate is null: JSON has no word for it."""
    told: dict[str, object] = asdict(found)
    rate = found.changes.per_day
    finite = rate if rate is not None and math.isfinite(rate) else None
    told["changes"] = asdict(found.changes) | {"per_day": finite, "told": str(found.changes)}
    told["margin_usd"] = margin(found)
    told["turning_points"] = turning_points(found.offers, found.harm_usd)
    told["vetoed"] = found.vetoed
    return told
