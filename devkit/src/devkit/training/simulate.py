"""Does a fitted threshold keep its promise? Calibration sets drawn from a known truth.

Each draw fits a threshold; its true error in live traffic is read off the setting's curve. The
share of draws whose true error is above the target is what `threshold` promises to keep under 5 %.
"hopeless" settings, where every threshold is just too wrong, are the hardest: whatever is found
breaks the promise.
"""

from dataclasses import dataclass

import numpy as np

from devkit.training import threshold
from devkit.training.threshold import Terms
from devkit.training.world import Setting, World, calibrated, hopeless, overconfident, sharp

FLAT = (4.0, 1.0)
SETTINGS = (
    Setting("calibrated", calibrated, 1200, 0.05),
    Setting("calibrated, target 0.10", calibrated, 700, 0.10),
    Setting("sharp, target 0.02", sharp, 3000, 0.02),
    Setting("sharp", sharp, 800, 0.05),
    Setting("sharp, small", sharp, 150, 0.10),
    Setting("over-confident", overconfident, 600, 0.05),
    Setting("hopeless, target 0.02", hopeless(0.02), 600, 0.02, shape=FLAT),
    Setting("hopeless", hopeless(0.05), 400, 0.05, shape=FLAT),
    Setting("hopeless, small, target 0.10", hopeless(0.10), 80, 0.10, shape=FLAT),
    Setting("few out of scope", sharp, 800, 0.05, weight=2.5),
    Setting("hopeless, few out of scope", hopeless(0.05), 500, 0.05, 2.5, 1.0, shape=FLAT),
    Setting("hopeless, many out of scope", hopeless(0.05), 500, 0.05, 0.5, shape=FLAT),
    Setting("families of 6, target 0.10", sharp, 400, 0.10, 2.5, family=6, copy=0.3),
    Setting("hopeless, families of 2", hopeless(0.10), 400, 0.10, family=2, copy=0.9, shape=FLAT),
    Setting("hopeless, families of 8", hopeless(0.05), 3000, 0.05, family=8, copy=0.9, shape=FLAT),
    Setting(
        "hopeless, families of 4, few out of scope",
        hopeless(0.05),
        2000,
        0.05,
        2.5,
        family=4,
        copy=0.7,
        shape=FLAT,
    ),
    Setting(
        "hopeless, families of 6, few out of scope",
        hopeless(0.10),
        2000,
        0.10,
        2.5,
        family=6,
        copy=0.7,
        shape=FLAT,
    ),
    Setting("refusing", sharp, 800, 0.05, 2.5, wrong_outside=0.0, right_outside=1.0),
    Setting("hopeless, refusing", hopeless(0.05), 500, 0.05, 2.5, 0.0, 1.0, shape=FLAT),
    Setting("few turns", sharp, 380, 0.05, 2.5),
    Setting("few turns, families of 6", sharp, 380, 0.05, 2.5, family=6, copy=0.3),
)


@dataclass(frozen=True)
class Row:
    """What became of a setting's draws, all as shares.

    `violations`: true error above the target; `none`: no threshold found; `coverage`: live turns
    answered, the median, no threshold counting as 0; `oracle`: the most that keeps the target.
    """

    setting: str
    error_target: float
    violations: float
    none: float
    coverage: float
    oracle: float


def run(draws: int = 1000, seed: int = 20, *, textbook: bool = False) -> list[Row]:
    """A row a setting, each with its own generator. `textbook`: with the plain bound instead."""
    seeds = np.random.SeedSequence(seed).spawn(len(SETTINGS))
    return [
        _row(World(setting), draws, np.random.default_rng(own), textbook)
        for setting, own in zip(SETTINGS, seeds, strict=True)
    ]


def _row(world: World, draws: int, rng: np.random.Generator, textbook: bool) -> Row:
    setting = world.setting
    terms = Terms(setting.error_target, setting.weight, textbook=textbook)
    fits = [threshold.fit(world.draw(rng), terms).least for _ in range(draws)]
    error, coverage = np.array([world.truth(least) for least in fits]).T
    return Row(
        setting=setting.name,
        error_target=setting.error_target,
        violations=float((error > setting.error_target).mean()),
        none=fits.count(None) / draws,
        coverage=float(np.median(coverage)),
        oracle=world.oracle(),
    )
