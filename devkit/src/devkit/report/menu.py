"""What the ways of a turn cost at a shop."""

from collections.abc import Mapping

from classifier.manifest import OUT_OF_SCOPE
from devkit.report.verdict import Kind, Verdict
from events.tier import Tier
from playbook.use_case import UseCase


class Menu:
    """The verdicts that a shop's use cases allow, at their expected prices."""

    def __init__(self, use_cases: Mapping[str, UseCase], big_usd: float) -> None:
        """`big_usd` is a turn of the large model where no use case is its own."""
        self._use_cases = use_cases
        prices = (case.cost_usd for case in use_cases.values() if case.tier is Tier.LLM)
        self._big_usd = min(prices, default=big_usd)

    def answering(self, use_case: str) -> Verdict:
        """A turn that is sent to the own tier of a use case."""
        case = self._use_cases[use_case]
        kind = Kind.BIG if case.tier is Tier.LLM else Kind.ANSWERED
        if use_case == OUT_OF_SCOPE:
            kind = Kind.REFUSED
        return Verdict(use_case, case.tier, kind, case.cost_usd)

    def big(self) -> Verdict:
        """A turn that the large model gets, whatever it is about."""
        return Verdict(None, Tier.LLM, Kind.BIG, self._big_usd)

    def doubtful(self) -> Verdict:
        """A turn that the large model gets because nobody is sure of it."""
        return Verdict(None, Tier.LLM, Kind.ESCALATED, self._big_usd)
