"""The bound: a router that knows the label."""

from collections.abc import Iterable

from devkit.report.conversation import Turn
from devkit.report.dealt import Dealt
from devkit.report.menu import Menu
from devkit.report.verdict import Verdict


def oracle(turns: Iterable[Turn], menu: Menu) -> Dealt:
    """Every turn to the cheapest tier among those of its accepted labels."""
    return Dealt(_cheapest(turn, menu) for turn in turns)


def _cheapest(turn: Turn, menu: Menu) -> Verdict:
    """Of equally cheap ones the best label's, else the first by name."""
    found = (menu.answering(name) for name in sorted(turn.accepts, key=turn.label.__ne__))
    return min(found, key=lambda one: one.cost_usd)
