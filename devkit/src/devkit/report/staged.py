"""Routers that differ from this one in what they make of a turn that no rule decides."""

from collections.abc import Callable
from dataclasses import replace

from classifier.doubt import LANGUAGE
from devkit.report.verdict import Contender, Verdict
from events.context import Context
from events.decision import Decision, Evidence

Second = Callable[[str, Decision], Verdict]
"""A second stage: the words and this router's own decision, with what the model found."""


class Staged:
    """This router's dialogues, questions, rules and check of the language; another second stage.

    So the controls get everything but the part that is compared.
    """

    def __init__(self, ours: Contender, second: Second) -> None:
        self._ours = ours
        self._second = second

    def decide(self, text: str, context: Context) -> Verdict:
        """This router's verdict where no model was asked, the second stage's else."""
        first = self._ours.decide(text, context)
        decision = first.decision
        if decision is None or decision.by is not Evidence.MODEL or LANGUAGE in decision.overlays:
            return first
        found = self._second(text, decision)
        use_case = found.use_case or decision.use_case
        left = decision.model_copy(
            update={"use_case": use_case, "tier": found.tier, "template": None}
        )
        return replace(found, decision=left)
