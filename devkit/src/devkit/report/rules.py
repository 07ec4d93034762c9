"""The control without a classifier."""

from devkit.report.menu import Menu
from devkit.report.verdict import Verdict
from events.decision import Decision


class Rules:
    """A second stage that is none: what no rule decides goes to the large model."""

    def __init__(self, menu: Menu) -> None:
        self._menu = menu

    def __call__(self, text: str, decision: Decision) -> Verdict:
        """The large model's, out of doubt."""
        return self._menu.doubtful()
