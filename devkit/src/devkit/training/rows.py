"""Rows as numbers: what a fit needs to know of a corpus."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from devkit.training import split
from devkit.training.corpus import Row
from devkit.training.error import CorpusError
from devkit.training.families import with_families
from devkit.training.metrics import Flags, Indices, Reals

BACKGROUND = "background"


@dataclass(frozen=True)
class Rows:
    """Rows with their labels as indices.

    `outside` is the index of the label out of scope; background rows carry it too. `families` are
    what folds keep whole.
    """

    rows: tuple[Row, ...]
    labels: tuple[str, ...]
    outside: int

    @classmethod
    def of(cls, rows: Sequence[Row], out_of_scope: str, background: Sequence[str] = ()) -> "Rows":
        """All rows and the background's texts, which are out of scope."""
        known = {row.text.strip().lower() for row in rows}
        outliers = [
            Row(text=text, label=out_of_scope, family=f"{BACKGROUND}/{number}", source=BACKGROUND)
            for number, text in enumerate(background)
            if text.strip().lower() not in known
        ]
        everything = (*with_families(rows), *outliers)
        labels = tuple(sorted({row.label for row in everything} | {out_of_scope}))
        return cls(everything, labels, labels.index(out_of_scope))

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def texts(self) -> list[str]:
        """What the customers wrote."""
        return [row.text for row in self.rows]

    @property
    def truth(self) -> Indices:
        """The index of each row's label."""
        index = {label: number for number, label in enumerate(self.labels)}
        return np.array([index[row.label] for row in self.rows], dtype=np.int64)

    @property
    def families(self) -> list[str]:
        """What must not be split."""
        return [row.family for row in self.rows]

    @property
    def accepted(self) -> Flags:
        """(n, labels): whether a label is right for a row."""
        return np.array([[name in row.accepts for name in self.labels] for row in self.rows])

    @property
    def weights(self) -> Reals:
        """For learning: rarer labels weigh more, by the square root of their rarity; mean 1."""
        sizes = Counter(row.label for row in self.rows)
        weights = np.array([sizes[row.label] ** -0.5 for row in self.rows])
        return np.asarray(weights / weights.mean())

    def check(self, folds: int) -> None:
        """Raises CorpusError where there is too little to learn from."""
        families: dict[str, set[str]] = defaultdict(set)
        for row in self.rows:
            families[row.label].add(row.family)
        if len(families) < 2:
            only = ", ".join(families)
            raise CorpusError(
                f"There is one label only: {only}. Give rows of another, or a --background."
            )
        if thin := sorted(name for name, held in families.items() if len(held) < folds):
            raise CorpusError(
                f"Too few different rows for {', '.join(thin)}: at least {folds} are needed that "
                "do not say nearly the same. Add some, or leave the label out."
            )

    def home(self, count: int) -> list[int]:
        """The fold (0 … count-1) of each row; see `split.folds`."""
        return split.folds(self.families, [row.label for row in self.rows], count)

    def part(self, numbers: Sequence[int]) -> "Rows":
        """Some of the rows, with the same labels."""
        return Rows(tuple(self.rows[number] for number in numbers), self.labels, self.outside)


def live_weights(outside: Flags, share: float) -> Reals:
    """Weights that make rows out of scope a `share` of all: 1 for a row in scope.

    All weigh 1 where there are none of one kind.
    """
    inside, out = int((~outside).sum()), int(outside.sum())
    if not inside or not out:
        return np.ones(len(outside))
    return np.where(outside, share / (1 - share) * inside / out, 1.0)
