"""The utterances the model was trained on, as points: how near is a turn to the nearest of them?"""

from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from classifier.scoring import Likeness

FAR = 0.0
"""The likeness to a label of which no utterance is known."""


class Known:
    """Unit vectors (n, width) with the index of each one's label."""

    def __init__(self, vectors: NDArray[np.float32], labels: NDArray[np.int64]) -> None:
        order = np.argsort(labels, kind="stable")
        self._vectors = np.ascontiguousarray(vectors[order])
        self._labels, self._starts = np.unique(labels[order], return_index=True)

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read what `save` wrote. Raises OSError, ValueError, KeyError for another file."""
        with np.load(file, allow_pickle=False) as held:
            vectors = held["vectors"].astype(np.float32)
            return cls(vectors, held["labels"].astype(np.int64))

    @staticmethod
    def save(file: Path, vectors: NDArray[np.float32], labels: NDArray[np.int64]) -> None:
        """Write vectors at half precision: a likeness moves by 0.001 at most."""
        held = {"vectors": vectors.astype(np.float16), "labels": labels.astype(np.int16)}
        np.savez(file, allow_pickle=False, **held)

    def likeness(self, vector: NDArray[np.float32], best: int, out: int) -> Likeness:
        """Of a unit vector to the nearest utterance of label `best`, of another, of `out`."""
        nearest = np.maximum.reduceat(self._vectors @ vector, self._starts)
        own = nearest[self._labels == best]
        far = nearest[self._labels == out]
        other = nearest[(self._labels != best) & (self._labels != out)]
        return Likeness(_most(own), _most(other), _most(far))


def _most(cosines: NDArray[np.float32]) -> float:
    return float(cosines.max()) if len(cosines) else FAR
