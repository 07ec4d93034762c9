"""When each fault is injected: decided by the seed, after a time without any."""

import random
from collections.abc import Sequence

from devkit.check.fault.field import Fault
from devkit.errors import environment_error

CALM_SHARE = 0.15
CALM_LEAST_S, CALM_MOST_S = 5.0, 20.0


def timetable(faults: Sequence[Fault], seconds: float, seed: int) -> list[tuple[float, Fault]]:
    """(seconds after the start, fault), in the order of time, each with the time that it needs.

    The first 15 % of the run, 5 to 20 seconds, are calm: they say what normal is. Raises
    DevkitError when the run is too short.
    """
    calm = min(CALM_MOST_S, max(CALM_LEAST_S, CALM_SHARE * seconds))
    spare = seconds - calm - sum(fault.needs_s for fault in faults)
    if faults and spare < 0:
        raise environment_error(
            f"These faults need {seconds - spare:.0f} s: pass --seconds {seconds - spare:.0f}."
        )
    dice = random.Random(seed)
    order = dice.sample(list(faults), k=len(faults))
    cuts = sorted(dice.uniform(0, spare) for _ in order)
    done, plan = 0.0, []
    for cut, fault in zip(cuts, order, strict=True):
        plan.append((calm + cut + done, fault))
        done += fault.needs_s
    return plan
