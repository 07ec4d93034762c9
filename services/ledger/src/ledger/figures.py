"""The figures of a window, as `/live` shows them. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from events.tier import Tier
from ledger.cell import Cell

WINDOWS = {"1m": 60, "5m": 300}
TIERS = (*(tier.value for tier in Tier), "none")


def share_without_model(cells: Iterable[Cell]) -> float | None:
    """The share of turns that no model answered, None without a turn."""
    return _share(summed(cells))


def summed(cells: Iterable[Cell]) -> Cell:
    """All of them together."""
    return sum(cells, Cell())


def shown(cell: Cell) -> dict[str, Any]:
    """One cell's figures: USD, milliseconds, shares of one; None where there was no turn."""
    return {
        "turns": cell.turns,
        "share_without_model": _share(cell),
        "share_simulated": cell.simulated / cell.turns if cell.turns else None,
        "cost_usd": round(cell.cost_usd, 9),
        "cost_per_turn_usd": round(cell.cost_usd / cell.turns, 9) if cell.turns else None,
        "p50_ms": _rounded(cell.quantile_ms(0.5)),
        "p99_ms": _rounded(cell.quantile_ms(0.99)),
    }


def window(cells: Mapping[tuple[str, str], Cell]) -> dict[str, Any]:
    """The figures of a window, in all, by tier, and by use case with its tier mix."""
    turns = sum(cell.turns for cell in cells.values())
    by_tier = {
        tier: summed(cell for (_, of), cell in cells.items() if of == tier)
        for tier in TIERS
        if any(of == tier for _, of in cells)
    }
    use_cases = sorted({use_case for use_case, _ in cells})
    return {
        **shown(summed(cells.values())),
        "tiers": {
            tier: shown(cell) | {"share": cell.turns / turns} for tier, cell in by_tier.items()
        },
        "use_cases": {use_case: _of_use_case(use_case, cells) for use_case in use_cases},
    }


def _of_use_case(name: str, cells: Mapping[tuple[str, str], Cell]) -> dict[str, Any]:
    mine = {tier: cell for (use_case, tier), cell in cells.items() if use_case == name}
    whole = summed(mine.values())
    mix = {tier: mine[tier].turns / whole.turns for tier in TIERS if tier in mine}
    return shown(whole) | {"tiers": mix}


def _share(cell: Cell) -> float | None:
    return cell.without_model / cell.turns if cell.turns else None


def _rounded(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds, 1)
