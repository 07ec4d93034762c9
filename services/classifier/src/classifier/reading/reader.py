"""The reader: a logistic regression over what is known of a turn in its session.

It replaces no rule and no model. It has read what both say of some three thousand turns with
histories, and knows when the one is to be believed and when the other. A turn that stands by itself
keeps the posterior of its own words (ADR 0026).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np

from classifier.limits import Limits
from classifier.manifest import ModelError
from classifier.model import Posterior
from classifier.reading.candidates import AT_LARGE, KINDS, SIGNS
from classifier.reading.referent import Referent
from classifier.reading.seen import Seen, features
from classifier.reading.standing import Standing, of_words
from classifier.scoring import Outcome, Vector, softmax

READER = "reader.npz"
"""The reader's file, beside the model that it was fitted with."""


@dataclass(frozen=True)
class Reader:
    """Weights (labels, features) over standardised features. `model` names the model it read.

    `standing` tells turns that stand by themselves, `referents` pick the order and the book that a
    turn is about.
    """

    labels: tuple[str, ...]
    outside: str
    model: str
    center: Vector
    spread: Vector
    weights: Vector
    bias: Vector
    standing: Standing
    referents: Mapping[str, Referent]

    @classmethod
    def load(cls, folder: Path, model: str) -> Self | None:
        """The reader beside a model, or None where there is none.

        Raises ModelError for a file that is none, or that was fitted with another model or for an
        earlier release.
        """
        file = folder / READER
        if not file.is_file():
            return None
        try:
            found = cls._read(file)
        except Exception as error:  # numpy raises many kinds for a file that is no archive
            raise ModelError(f"{file} cannot be opened: {error}. {_REPAIR}") from error
        if not found._fits():
            raise ModelError(f"{file} was fitted for other signs than this release has. {_REPAIR}")
        if found.model != model:
            raise ModelError(
                f"{file} was fitted with the model {found.model}, and this is {model}. {_REPAIR}"
            )
        return found

    @property
    def version(self) -> str:
        """Eight hex digits over everything that decides."""
        total = hashlib.sha256("".join((*self.labels, self.outside, self.model)).encode())
        for one in self._arrays().values():
            total.update(np.ascontiguousarray(one, dtype=np.float32).tobytes())
        return total.hexdigest()[:8]

    @classmethod
    def _read(cls, file: Path) -> Self:
        with np.load(file, allow_pickle=False) as held:
            return cls(
                tuple(held["labels"].tolist()),
                str(held["outside"]),
                str(held["model"]),
                held["center"].astype(np.float64),
                held["spread"].astype(np.float64),
                held["weights"].astype(np.float64),
                held["bias"].astype(np.float64),
                Standing(
                    held["standing_center"].astype(np.float64),
                    held["standing_spread"].astype(np.float64),
                    held["standing_weights"].astype(np.float64),
                    held["standing_bias"].astype(np.float64),
                ),
                {
                    kind: Referent(
                        held[f"{kind}_signs"].astype(np.float64),
                        held[f"{kind}_none"].astype(np.float64),
                    )
                    for kind in KINDS
                },
            )

    def save(self, folder: Path) -> None:
        """Write the file, its numbers at single precision."""
        np.savez_compressed(
            folder / READER,
            allow_pickle=False,
            labels=np.array(self.labels),
            outside=np.array(self.outside),
            model=np.array(self.model),
            **{name: one.astype(np.float32) for name, one in self._arrays().items()},
        )

    def _fits(self) -> bool:
        """Whether the referents weigh what candidates are told by now."""
        none = len(self.labels) + AT_LARGE
        sizes = {(len(one.signs), len(one.none)) for one in self.referents.values()}
        return sizes == {(len(SIGNS), none)}

    def _arrays(self) -> dict[str, Vector]:
        """All numbers, by the names that they have in the file."""
        picks = {f"{kind}_signs": one.signs for kind, one in self.referents.items()}
        picks |= {f"{kind}_none": one.none for kind, one in self.referents.items()}
        own = {"center": self.center, "spread": self.spread}
        own |= {"weights": self.weights, "bias": self.bias}
        return own | self.standing.arrays() | picks

    def posterior(self, seen: Seen) -> Posterior:
        """What the turn is about, with all that is known of it.

        The mixture of two: what the session makes of it, and what its own words say.
        """
        alone = dict(seen.alone.probabilities)
        own = np.array([alone[label] for label in self.labels])
        share = self.standing.share(of_words(seen.alone, seen.text, self.labels))
        mixed = share * own + (1 - share) * self._in_session(seen)
        return told(self.labels, mixed, self.outside)

    def _in_session(self, seen: Seen) -> Vector:
        """Probabilities (labels,) of a turn that leans on what was said before."""
        standard = (features(seen, self.labels) - self.center) / self.spread
        return softmax(self.weights @ standard + self.bias)


def read_by(limits: Limits, reader: Reader | None) -> Limits:
    """The same thresholds, with the reader in the version that decisions tell."""
    if reader is None:
        return limits
    return replace(limits, version=f"{limits.version}+{reader.version}")


def told(labels: tuple[str, ...], probabilities: Vector, outside: str) -> Posterior:
    """A posterior (labels,) whose three outcomes are sums of itself."""
    at = labels.index(outside)
    out, right = float(probabilities[at]), float(np.delete(probabilities, at).max())
    outcome = Outcome(right, max(0.0, 1 - out - right), out)
    return Posterior.of(labels, probabilities, outcome, outside)


_REPAIR = "Fit it again: tierwise classifier reader."
