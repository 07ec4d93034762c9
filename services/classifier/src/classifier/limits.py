"""The least final scores at which use cases are answered on the model's word."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from classifier.manifest import Manifest
from playbook.use_case import UseCase


@dataclass(frozen=True)
class Limits:
    """Thresholds by use case, and what they are about.

    `version` is the model's. A use case without a least score is answered by rules alone: it had
    too few examples, or its error bound was never met.
    """

    version: str
    use_cases: Mapping[str, UseCase]
    fitted: Mapping[str, float | None]

    @classmethod
    def of(cls, use_cases: Mapping[str, UseCase], manifest: Manifest) -> Self:
        """The thresholds that the model's training fitted."""
        fitted = {name: one.least for name, one in manifest.thresholds.items()}
        return cls(manifest.version, use_cases, fitted)

    def least(self, use_case: str) -> float | None:
        """An operator's own least score, else the fitted one; None: the model never decides."""
        own = self.use_cases[use_case].threshold
        return self.fitted.get(use_case) if own is None else own

    def reached(self, use_case: str, score: float) -> bool:
        """Whether a score is enough for a use case."""
        least = self.least(use_case)
        return least is not None and score >= least

    def one_answer(self, first: str, second: str) -> bool:
        """Whether both use cases give the same answer, so that nobody need choose between them."""
        one, other = self.use_cases[first], self.use_cases[second]
        same = (one.tier, one.template, one.answer) == (other.tier, other.template, other.answer)
        return same and one.model is None
