"""The control that saves nothing."""

from devkit.report.menu import Menu
from devkit.report.verdict import Verdict
from events.context import Context


class AlwaysBig:
    """Every turn to the large model."""

    def __init__(self, menu: Menu) -> None:
        self._menu = menu

    def decide(self, text: str, context: Context) -> Verdict:
        """The large model's."""
        return self._menu.big()
