"""The lying profile: a faithful text with exactly one error, which is labelled."""

from collections.abc import Callable
from random import Random

from devkit.simulator.evidence import Asked
from devkit.simulator.faithful import faithful
from devkit.simulator.lie import invented, negated, number_word, promise, relative_date, swapped
from devkit.simulator.profile import Label, Written

Lie = Callable[[str, Asked, Random], tuple[str, Label] | None]
LIES: tuple[Lie, ...] = (invented, swapped, negated, number_word, relative_date, promise)


def lying(asked: Asked, chance: Random) -> Written:
    """One of the lies that the text allows, each as likely as the others."""
    text = faithful(asked, chance).text
    told = [lie(text, asked, chance) for lie in LIES]
    changed, label = chance.choice([one for one in told if one is not None])
    return Written(changed, (label,))
