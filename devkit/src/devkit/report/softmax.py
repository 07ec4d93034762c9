"""The control that is found in most tutorials: a threshold on the largest probability."""

from devkit.report.menu import Menu
from devkit.report.verdict import Verdict
from events.decision import Decision

THRESHOLD = 0.8


class Softmax:
    """A second stage: the best label of the same network, background class included.

    Its probability is the calibrated one. Below the threshold the large model answers.
    """

    def __init__(self, menu: Menu, threshold: float = THRESHOLD) -> None:
        self._menu = menu
        self._threshold = threshold

    def __call__(self, text: str, decision: Decision) -> Verdict:
        """The best label's verdict where it is probable enough."""
        best = decision.candidates[0]
        if best.probability < self._threshold:
            return self._menu.doubtful()
        return self._menu.answering(best.use_case)
