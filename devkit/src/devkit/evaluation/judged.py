"""Every row with its posterior, and what the model's thresholds make of it."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Protocol

import numpy as np

from classifier.manifest import Threshold
from classifier.model import Posterior
from devkit.evaluation.data import Data
from devkit.training.corpus import Row
from devkit.training.metrics import Flags, Reals

WARM_UP = 20
"""Texts asked beforehand: the first inferences allocate what later ones use again."""


class Source(Protocol):
    """What has an opinion on a text: a loaded model."""

    def posterior(self, text: str, /) -> Posterior:
        """The calibrated posterior of one turn, with the final score."""


class Terms(Protocol):
    """What a manifest says that judging needs."""

    @property
    def version(self) -> str:
        """Of the model."""

    @property
    def labels(self) -> tuple[str, ...]:
        """All the model knows, the one out of scope included."""

    @property
    def out_of_scope(self) -> str:
        """The label of what nobody answers."""

    @property
    def thresholds(self) -> Mapping[str, Threshold]:
        """One for each label."""

    @property
    def out_of_scope_share(self) -> float:
        """What the thresholds assume of live traffic."""


class Verdict(StrEnum):
    """What the thresholds make of a turn."""

    ANSWERED = "answered"
    REFUSED = "refused"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Judged:
    """One row, the model's opinion of its text, and the time this took in milliseconds."""

    number: int
    row: Row
    posterior: Posterior
    verdict: Verdict
    milliseconds: float

    @property
    def right(self) -> bool:
        """Whether an answer under the best known label is right; so never without one accepted."""
        return self.posterior.known in self.row.accepts

    @property
    def outside(self) -> bool:
        """Whether the row is out of scope."""
        return self.row.label == self.posterior.outside

    @property
    def peak(self) -> float:
        """The probability of the best known label, by the softmax alone."""
        return dict(self.posterior.probabilities)[self.posterior.known]

    @property
    def forbidden(self) -> bool:
        """Whether the best label, or the one answered under, is one that does harm."""
        answered = self.verdict is Verdict.ANSWERED and self.posterior.known in self.row.must_not
        return answered or self.posterior.best in self.row.must_not


@dataclass(frozen=True)
class Judgement:
    """All rows, judged by the terms of one model. Arrays are (n,), in the order of the rows."""

    rows: tuple[Judged, ...]
    terms: Terms

    @cached_property
    def score(self) -> Reals:
        """The final score."""
        return np.array([one.posterior.score for one in self.rows])

    @cached_property
    def right(self) -> Flags:
        """Whether the best known label is accepted."""
        return np.array([one.right for one in self.rows])

    @cached_property
    def outside(self) -> Flags:
        """Whether the row is out of scope."""
        return np.array([one.outside for one in self.rows])

    @cached_property
    def peak(self) -> Reals:
        """The plain softmax's maximum over known labels: the control of the final score."""
        return np.array([one.peak for one in self.rows])

    @cached_property
    def claimed(self) -> Flags:
        """Whether the best of all labels is a known one."""
        return np.array([one.posterior.best != one.posterior.outside for one in self.rows])

    def given(self, verdict: Verdict) -> Flags:
        """Whether the thresholds came to this."""
        return np.array([one.verdict is verdict for one in self.rows])


def judge(
    data: Data, source: Source, terms: Terms, tick: Callable[[], None] = lambda: None
) -> Judgement:
    """Ask the source for every row, one after the other; `tick` is called after each.

    It is given the text alone, also where a row has a history.
    """
    for row in data.rows[:WARM_UP]:
        source.posterior(row.text)
    rows = []
    for number, row in zip(data.numbers, data.rows, strict=True):
        start = time.perf_counter()
        posterior = source.posterior(row.text)
        taken = (time.perf_counter() - start) * 1000
        rows.append(Judged(number, row, posterior, verdict(posterior, terms), taken))
        tick()
    return Judgement(tuple(rows), terms)


def verdict(posterior: Posterior, terms: Terms) -> Verdict:
    """Answered where the final score reaches the threshold of the best known label.

    Else refused where the probability of being out of scope reaches that label's threshold, else
    unsure. A label without a threshold never comes to be answered or refused by the model.
    """
    if _reached(posterior.score, terms.thresholds[posterior.known]):
        return Verdict.ANSWERED
    if _reached(posterior.out_of_scope, terms.thresholds[posterior.outside]):
        return Verdict.REFUSED
    return Verdict.UNSURE


def strangers(names: Sequence[str], terms: Terms) -> dict[str, int]:
    """The names that the model does not know, with how often they occur, in alphabetical order."""
    unknown = [name for name in names if name not in terms.labels]
    return {name: unknown.count(name) for name in sorted(set(unknown))}


def _reached(score: float, threshold: Threshold) -> bool:
    return threshold.least is not None and score >= threshold.least
