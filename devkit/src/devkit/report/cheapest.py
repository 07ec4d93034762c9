"""The control that is never unsure."""

from classifier.manifest import OUT_OF_SCOPE
from devkit.report.menu import Menu
from devkit.report.verdict import Verdict
from events.decision import Decision


class Cheapest:
    """A second stage: the best known use case always answers, by its own tier."""

    def __init__(self, menu: Menu) -> None:
        self._menu = menu

    def __call__(self, text: str, decision: Decision) -> Verdict:
        """The verdict of the likeliest use case but out of scope."""
        names = (one.use_case for one in decision.candidates)
        known = (name for name in names if name != OUT_OF_SCOPE)
        return self._menu.answering(next(known, decision.use_case))
