"""The learning curve: what so many examples a label are worth, on rows that no fit has seen."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from devkit.training import crossval, finetune, fitting, fold, metrics, score
from devkit.training.crossval import Encoded, HeldOut
from devkit.training.metrics import Flags
from devkit.training.pipeline import choose, encode
from devkit.training.progress import Progress
from devkit.training.rows import BACKGROUND, Rows
from devkit.training.samples import Sample, examples

PRECISIONS = (0.80, 0.90, 0.95)


@dataclass(frozen=True)
class Means:
    """What every point is fitted with."""

    base: fold.Base
    recipe: finetune.Recipe
    policy: fitting.Policy
    progress: Progress


@dataclass(frozen=True)
class Point:
    """One size: rows learnt from, the background's included, and figures of the rows asked.

    `fewest` are the examples of the rarest label. `accuracy` is the share of rows in scope whose
    best known label is accepted, `oos_auroc` that of the final score's probability of being out of
    scope. `coverage` by precision is of all rows, and takes its threshold from them. `answered` and
    `precision` are those at the fitted thresholds; `rules_only` are known labels without one.
    """

    size: int
    taught: int
    fewest: int
    accuracy: float
    oos_auroc: float
    coverage: dict[str, float]
    answered: float
    precision: float | None
    rules_only: tuple[str, ...]


def points(found: Sample, sizes: Sequence[int], means: Means) -> list[Point]:
    """A point a size, the smallest first. Raises CorpusError for a size too small to learn from."""
    seed = means.recipe.seed
    drawn = {size: examples(found, size, seed) + found.background for size in sorted(set(sizes))}
    for numbers in drawn.values():
        found.rows.part(numbers).check(means.recipe.folds)
    taken = sorted({*found.asked, *(n for numbers in drawn.values() for n in numbers)})
    place = {number: at for at, number in enumerate(taken)}
    encoded = encode(means.base, found.rows.part(taken), means.recipe, means.progress)
    asked = [place[number] for number in found.asked]
    return [
        _point(encoded, [place[number] for number in numbers], asked, size, means)
        for size, numbers in drawn.items()
    ]


def _point(
    encoded: Encoded, chosen: Sequence[int], asked: Sequence[int], size: int, means: Means
) -> Point:
    """Train as `tierwise classifier train` does, tuned or frozen, but without export and int8."""
    taught, recipe = encoded.part(chosen), means.recipe
    rows = taught.rows
    home = rows.home(recipe.folds)
    with means.progress.stage(f"{size} examples a label", 1):
        choice = choose(means.base, taught, recipe, home, means.progress)
        held = crossval.unserved(taught, choice.folds)
        found = fitting.fitted(rows, held, home, means.policy)
        said = crossval.asked(choice.fit(range(len(rows))), taught, encoded, asked)
    return judged(rows, encoded.rows.part(asked), found, said, size)


def judged(taught: Rows, asked: Rows, found: fitting.Fitted, said: HeldOut, size: int) -> Point:
    """The figures of what was said of the rows asked."""
    best = fitting.best_known(said.served, asked.outside)
    final = score.outcome_probabilities(found.scoring, said.at(found.temperature))
    right: Flags = asked.accepted[np.arange(len(best)), best]
    out = asked.truth == asked.outside
    least = [found.thresholds[label].least for label in asked.labels]
    answered = final[:, 0] >= np.array([np.inf if one is None else one for one in least])[best]
    known = [n for n in range(len(asked.labels)) if n != asked.outside]
    return Point(
        size=size,
        taught=len(taught),
        fewest=fewest(taught),
        accuracy=float(right[~out].mean()),
        oos_auroc=metrics.auroc(final[:, 2], out),
        coverage={
            f"{one:.2f}": metrics.coverage_at_precision(final[:, 0], right, one)
            for one in PRECISIONS
        },
        answered=float(answered.mean()),
        precision=float(right[answered].mean()) if answered.any() else None,
        rules_only=tuple(asked.labels[n] for n in known if least[n] is None),
    )


def fewest(rows: Rows) -> int:
    """Examples of the rarest label, without the background."""
    return min(Counter(row.label for row in rows.rows if row.source != BACKGROUND).values())
