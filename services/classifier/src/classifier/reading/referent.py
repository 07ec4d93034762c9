"""Which order or book a turn is about, of all that the session spoke of: a learned choice.

A conditional logit over the candidates and "none of them" (McFadden 1974, "Conditional logit
analysis of qualitative choice behavior"): a thing's score is a weighted sum of its signs, that of
none one of the use case and of what the turn says at large.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifier.reading.candidates import Candidate
from classifier.scoring import Vector


@dataclass(frozen=True)
class Referent:
    """Weights of the signs (signs,) and of none (labels + at large,) for one kind of things."""

    signs: Vector
    none: Vector

    def pick(self, found: Sequence[Candidate], nothing: Vector) -> Candidate | None:
        """The likeliest candidate, or None where none is likelier. `nothing` as `none`."""
        scores = [float(self.signs @ one.vector()) for one in found]
        best = int(np.argmax(scores)) if scores else -1
        return found[best] if scores and scores[best] > float(self.none @ nothing) else None


def nothing_of(use_case: str, labels: Sequence[str], large: Vector) -> Vector:
    """(labels + at large,): what speaks for none."""
    return np.concatenate([[float(label == use_case) for label in labels], large])
