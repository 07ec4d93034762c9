"""The figures of a window, as `/live` shows them. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from events.tier import Tier
from ledger.book import NONE, OTHER
from ledger.cell import Cell
from ledger.live import Key
from playbook.use_case import Size

WINDOWS = {"1m": 60, "5m": 300}
TIERS = (*(tier.value for tier in Tier), NONE)
SIZES = (NONE, Size.SMALL.value, Size.BIG.value, OTHER)

Cells = Mapping[Key, Cell]


def share_without_model(cells: Cells) -> float | None:
    """The share of turns that no model answered, None without a turn."""
    turns = sum(cell.turns for cell in cells.values())
    without = sum(cell.turns for key, cell in cells.items() if key.model_size == NONE)
    return without / turns if turns else None


def window(cells: Cells) -> dict[str, Any]:
    """The figures of a window: in all, by tier, by size of model, and by use case."""
    use_cases = sorted({key.use_case for key in cells})
    return {
        **_shown(cells),
        "tiers": {tier: _part(cells, tier=tier) for tier in _tiers(cells)},
        "model_sizes": {size: _part(cells, model_size=size) for size in _sizes(cells)},
        "use_cases": {use_case: _of_use_case(cells, use_case) for use_case in use_cases},
    }


def _of_use_case(cells: Cells, use_case: str) -> dict[str, Any]:
    mine = _only(cells, use_case=use_case)
    whole = _summed(mine.values()).turns
    mix = {tier: _summed(_only(mine, tier=tier).values()).turns / whole for tier in _tiers(mine)}
    return _shown(mine) | {"tiers": mix}


def _part(cells: Cells, **wanted: str) -> dict[str, Any]:
    mine = _only(cells, **wanted)
    share = _summed(mine.values()).turns / _summed(cells.values()).turns
    return _shown(mine) | {"share": share}


def _shown(cells: Cells) -> dict[str, Any]:
    """Figures in USD, milliseconds and shares of one; None where there was no turn."""
    whole = _summed(cells.values())
    turns = whole.turns
    return {
        "turns": turns,
        "share_without_model": share_without_model(cells),
        "share_simulated": whole.simulated / turns if turns else None,
        "cost_usd": round(whole.cost_usd, 9),
        "cost_per_turn_usd": round(whole.cost_usd / turns, 9) if turns else None,
        "p50_ms": _rounded(whole.quantile_ms(0.5)),
        "p99_ms": _rounded(whole.quantile_ms(0.99)),
    }


def _only(cells: Cells, **wanted: str) -> Cells:
    return {
        key: cell
        for key, cell in cells.items()
        if all(getattr(key, name) == value for name, value in wanted.items())
    }


def _tiers(cells: Cells) -> list[str]:
    return [tier for tier in TIERS if any(key.tier == tier for key in cells)]


def _sizes(cells: Cells) -> list[str]:
    return [size for size in SIZES if any(key.model_size == size for key in cells)]


def _summed(cells: Iterable[Cell]) -> Cell:
    return sum(cells, Cell())


def _rounded(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds, 1)
