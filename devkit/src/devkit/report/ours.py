"""This router."""

from collections.abc import Callable

from devkit.report.verdict import Verdict, verdict_of
from events.context import Context
from events.decision import Decision


class Ours:
    """The classifier's decision, turn by turn."""

    def __init__(self, decide: Callable[[str, Context], Decision]) -> None:
        self._decide = decide

    def decide(self, text: str, context: Context) -> Verdict:
        """The decision as a verdict."""
        return verdict_of(self._decide(text, context))
