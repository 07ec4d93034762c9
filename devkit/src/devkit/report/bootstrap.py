"""Paired bootstrap over conversations: how far figures, and differences, may be chance.

Conversations are drawn with replacement, for all routers the same ones (Efron 1979, "Bootstrap
methods", Annals of Statistics 7). Percentile intervals. Turns of a conversation hang together:
they are drawn together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from devkit.report.conversation import Conversation
from devkit.report.figure import FIGURES, Figure, Per
from devkit.report.outcome import COUNTS, Judge
from devkit.report.session import Played

Matrix = NDArray[np.float64]

DRAWS = 2000
INSIDE = (2.5, 97.5)
DIGITS = 6
"""Decimals that are kept."""


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval. All None where there is nothing to divide by."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Compared:
    """One router's figures by name, and their differences to the first router's (minus it)."""

    figures: Mapping[str, Estimate]
    differences: Mapping[str, Estimate]


def tally(conversations: Sequence[Conversation], played: Played, judge: Judge) -> Matrix:
    """(conversations, COUNTS): what became of each conversation's turns, summed."""
    rows = [
        [judge.outcome(turn, verdict).counts for turn, verdict in zip(one.turns, made, strict=True)]
        for one, made in zip(conversations, played, strict=True)
    ]
    return np.array([np.sum(row, axis=0) for row in rows])


def compare(tallies: Mapping[str, Matrix], draws: int, seed: int) -> dict[str, Compared]:
    """Every router's figures and differences; the first router is the one compared with.

    `tallies` are of the same conversations in the same order.
    """
    size = len(next(iter(tallies.values())))
    chance = np.random.default_rng(seed)
    weights = chance.multinomial(size, np.full(size, 1 / size), draws).astype(np.float64)
    whole = np.ones((1, size))
    points = {name: _figures(whole @ one, whole.sum(axis=1)) for name, one in tallies.items()}
    drawn = {name: _figures(weights @ one, weights.sum(axis=1)) for name, one in tallies.items()}
    first = next(iter(tallies))
    return {
        name: Compared(
            _estimates(points[name], drawn[name]),
            _estimates(points[name] - points[first], drawn[name] - drawn[first]),
        )
        for name in tallies
    }


def _figures(sums: Matrix, sessions: NDArray[np.float64]) -> Matrix:
    """(draws, FIGURES) of summed counts (draws, COUNTS); NaN where it would divide by nothing."""
    return np.stack([_ratio(sums, sessions, figure) for figure in FIGURES], axis=1)


def _ratio(sums: Matrix, sessions: NDArray[np.float64], figure: Figure) -> NDArray[np.float64]:
    by = sessions if figure.per is Per.SESSION else sums[:, COUNTS.index(figure.per)]
    some = by > 0
    return np.where(some, sums[:, figure.column] / np.where(some, by, 1.0), np.nan)


def _estimates(point: Matrix, drawn: Matrix) -> dict[str, Estimate]:
    return {
        figure.name: _estimate(float(point[0, at]), drawn[:, at])
        for at, figure in enumerate(FIGURES)
    }


def _estimate(point: float, drawn: NDArray[np.float64]) -> Estimate:
    """Draws without any turn to divide by are left out."""
    told = drawn[~np.isnan(drawn)]
    if np.isnan(point) or not len(told):
        return Estimate(None, None, None)
    low, high = np.percentile(told, INSIDE)
    return Estimate(*(round(float(value), DIGITS) + 0.0 for value in (point, low, high)))
