"""A use case whose truth is known: live traffic as curves, and calibration sets drawn from it.

A setting says how live traffic looks: the density of the score, P(right | score), how many of the
right and of the wrong turns are out of scope. A calibration set holds out-of-scope turns at another
share (each then counts `weight`), and templates whose turns copy each other.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from devkit.training.bound import Flags, Reals
from devkit.training.metrics import Indices
from devkit.training.threshold import Turns

POINTS = 4000
GRID: Reals = (np.arange(POINTS) + 0.5) / POINTS


def calibrated(score: Reals) -> Reals:
    """P(right) is what the score says."""
    return score


def overconfident(score: Reals) -> Reals:
    """A score of 0.99 is right in 93 % of the turns: no threshold keeps an error of 5 %."""
    return 0.935 * np.sqrt(score)


def sharp(score: Reals) -> Reals:
    """Right and wrong lie apart but for 0.5 % that no score tells."""
    return np.minimum(0.995, 1 / (1 + np.exp(12 * (0.5 - score))))


def hopeless(error: float) -> Callable[[Reals], Reals]:
    """The same error at every score, just above the target: whatever is found breaks the bound."""
    return lambda score: np.full_like(score, 1 - 1.002 * error)


@dataclass(frozen=True)
class Setting:
    """Live traffic of one use case, and how its `turns` calibration turns were collected.

    `wrong_outside`, `right_outside`: share of the wrong and right turns that are out of scope.
    `family`: mean turns a template; `copy`: chance that a turn copies its template's draw of score,
    and of being right (a correlation of copy² within). `shape`: Beta density of the score.
    """

    name: str
    curve: Callable[[Reals], Reals]
    turns: int
    error_target: float
    weight: float = 1.0
    wrong_outside: float = 0.7
    right_outside: float = 0.0
    family: int = 1
    copy: float = 0.0
    shape: tuple[float, float] = (0.6, 0.4)


class World:
    """A setting's true curves on the grid of scores."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        left, right = setting.shape
        density = GRID ** (left - 1) * (1 - GRID) ** (right - 1)
        density /= density.sum()
        error = 1 - setting.curve(GRID)
        self.wrong = density * error
        wrong_outside = self.wrong * setting.wrong_outside
        self.outside = wrong_outside + (density - self.wrong) * setting.right_outside
        self.inside = density - self.outside
        self.risk = (
            _ratio(self.wrong - wrong_outside, self.inside),
            _ratio(wrong_outside, self.outside),
        )
        self.coverage = density[::-1].cumsum()[::-1]
        self.error = self.wrong[::-1].cumsum()[::-1] / self.coverage

    def draw(self, rng: np.random.Generator) -> Turns:
        """A calibration set."""
        outside = rng.random(self.setting.turns) < self._share_collected()
        family = self._families(outside, rng)
        place = np.empty(len(outside), np.int64)
        score, luck = self._copied(family, rng), self._copied(family, rng)
        for kind, mass in ((outside, self.outside), (~outside, self.inside)):
            place[kind] = np.searchsorted(mass.cumsum() / mass.sum(), score[kind])
        place = np.minimum(place, POINTS - 1)
        jitter = (rng.random(len(place)) - 0.5) / POINTS
        right = luck >= np.where(outside, self.risk[1][place], self.risk[0][place])
        return Turns(GRID[place] + jitter, right, outside, family)

    def truth(self, least: float | None) -> tuple[float, float]:
        """True error and coverage in live traffic of a threshold."""
        if least is None:
            return 0.0, 0.0
        place = min(int(np.searchsorted(GRID, least)), POINTS - 1)
        return float(self.error[place]), float(self.coverage[place])

    def oracle(self) -> float:
        """The coverage of the loosest threshold that keeps the target; 0 without one."""
        return float(self.coverage[self.error <= self.setting.error_target].max(initial=0.0))

    def _share_collected(self) -> float:
        outside = float(self.outside.sum()) / self.setting.weight
        return outside / (outside + float(self.inside.sum()))

    def _families(self, outside: Flags, rng: np.random.Generator) -> Indices:
        """A template is in scope as a whole or not at all. Ids (n,)."""
        if self.setting.family == 1:
            return np.arange(len(outside))
        family = np.empty(len(outside), np.int64)
        for kind, first in ((outside, len(outside)), (~outside, 0)):
            count = int(kind.sum())
            family[kind] = first + rng.integers(0, max(1, count // self.setting.family), count)
        return family

    def _copied(self, family: Indices, rng: np.random.Generator) -> Reals:
        """Uniform numbers (n,), some of them their template's."""
        shared = rng.random(int(family.max()) + 1)[family]
        copies = rng.random(len(family)) < self.setting.copy
        return np.where(copies, shared, rng.random(len(family)))


def _ratio(part: Reals, whole: Reals) -> Reals:
    """0 where there is nothing to take a part of."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
