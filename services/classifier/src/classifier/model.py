"""The second stage: a DistilBERT sequence classifier in int8 ONNX, one turn per inference."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits
from tokenizers import Tokenizer

from classifier.known import Known
from classifier.manifest import KNOWN, NETWORK, OUT_OF_SCOPE, TOKENIZER, Manifest, ModelError
from classifier.scoring import (
    FEATURES,
    Outcome,
    Vector,
    Weighing,
    entropy_bits,
    features,
    softmax,
)

# int8 kernels round differently from one CPU to the next (VNNI, AVX2, ARM). Logits move a little,
# so that an exact comparison would refuse a sound model. A wrong file or an overflowing kernel
# moves probabilities by far more than this, or changes the winner.
TOLERANCE = 0.05
# The tokenizer cuts at `max_length` tokens anyway; cutting characters first bounds its time.
MAX_CHARACTERS = 4_000


Parts = NDArray[np.float32]


def no_parts() -> Parts:
    """Of a posterior that no network made."""
    return np.zeros(0, np.float32)


@dataclass(frozen=True, slots=True)
class Posterior:
    """What the model believes about one turn.

    `probabilities` are calibrated, best first, and sum to 1. `entropy_bits` is over all labels (0
    to log2 of their number). The final score's three outcomes sum to 1: `score`, that the best
    known label is right; `rival`, that another known one is; `out_of_scope`, that none is.
    `outside` names the label of the latter. `parts` (width,) is what the network pooled of the
    text, for those who read more than labels from it.
    """

    probabilities: tuple[tuple[str, float], ...]
    entropy_bits: float
    score: float
    rival: float
    out_of_scope: float
    outside: str = OUT_OF_SCOPE
    parts: Parts = field(default_factory=no_parts, compare=False, repr=False)

    @classmethod
    def of(
        cls,
        labels: tuple[str, ...],
        probabilities: Vector,
        outcome: Outcome,
        outside: str = OUT_OF_SCOPE,
        parts: Parts | None = None,
    ) -> Self:
        """Pair labels with their probabilities (same order) and sort; ties keep label order."""
        pairs = list(zip(labels, probabilities.tolist(), strict=True))
        return cls(
            probabilities=tuple(sorted(pairs, key=lambda pair: -pair[1])),
            entropy_bits=entropy_bits(probabilities),
            score=outcome.right,
            rival=outcome.rival,
            out_of_scope=outcome.out,
            outside=outside,
            parts=no_parts() if parts is None else parts,
        )

    @property
    def best(self) -> str:
        """The most probable label, be it out of scope."""
        return self.probabilities[0][0]

    @property
    def known(self) -> str:
        """The most probable label that is not out of scope: the one that `score` is about."""
        return next(name for name, _ in self.probabilities if name != self.outside)


Ask = Callable[[str], Awaitable[Posterior]]
"""Awaits the posterior of a text."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the network makes of one text: a logit per label, and its place as a unit vector.

    `second` is the second opinion, from the echo of the untuned encoder: another logit per label.
    `parts` (width,) are the pooled layers, from which all others come.
    """

    logits: Vector
    place: NDArray[np.float32]
    second: Vector
    parts: Parts = field(default_factory=no_parts)


class Network:
    """Text to logits, place and second opinion.

    Never batched: dynamic int8 scales span a batch, so that batch mates would change a text's
    result.
    """

    def __init__(self, folder: Path, max_length: int, threads: int = 1) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_length)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # A spinning thread burns the core that the event loop needs.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(folder / NETWORK), options, providers=["CPUExecutionProvider"]
        )

    @property
    def width(self) -> int:
        """Number of logits, as the file declares it."""
        return int(self._session.get_outputs()[0].shape[-1])

    def find(self, text: str) -> Found:
        """What there is to know of one text of any length, the empty one included."""
        ids = self._tokenizer.encode(text[:MAX_CHARACTERS]).ids
        rows, places, seconds, parts = self._session.run(
            None, {"input_ids": np.array([ids], dtype=np.int64)}
        )
        return Found(
            np.asarray(rows[0], dtype=np.float64),
            np.asarray(places[0]),
            np.asarray(seconds[0], dtype=np.float64),
            np.asarray(parts[0]),
        )

    def logits(self, text: str) -> Vector:
        """One logit per label."""
        return self.find(text).logits


class Model:
    """A loaded model. `posterior` takes about a millisecond and may be called from any thread."""

    def __init__(self, manifest: Manifest, network: Network, known: Known) -> None:
        self._manifest = manifest
        self._network = network
        self._known = known
        self._weighing = Weighing.of(manifest.scoring)
        self._out = manifest.labels.index(manifest.out_of_scope)

    @classmethod
    def load(cls, path: Path, threads: int = 1) -> Self:
        """Open the model of a folder and let it answer its golden texts.

        Raises ModelError when a file is missing or changed, when labels and network disagree, or
        when a golden text gets another winner or a probability more than `TOLERANCE` away.
        """
        manifest = Manifest.read(path)
        # The product with all known utterances is short: a second thread costs more than it brings,
        # and takes the core that another inference needs.
        threadpool_limits(limits=1, user_api="blas")
        try:
            network = Network(path, manifest.max_length, threads)
            known = Known.load(path / KNOWN)
        except Exception as error:  # the libraries raise bare or undocumented kinds here
            raise ModelError(f"The model in {path} cannot be opened: {error}") from error
        if network.width != len(manifest.labels):
            raise ModelError(
                f"{path}: model.json names {len(manifest.labels)} labels, the network has "
                f"{network.width} outputs. Train it again: tierwise classifier train."
            )
        if manifest.scoring.features != FEATURES:
            raise ModelError(
                f"{path}: its final score is of other features. Train it again: tierwise "
                "classifier train."
            )
        model = cls(manifest, network, known)
        model._check_golden()
        return model

    @property
    def manifest(self) -> Manifest:
        """What lies beside the network: labels, thresholds, origin, figures."""
        return self._manifest

    @property
    def version(self) -> str:
        """Changes with everything that decides an answer."""
        return self._manifest.version

    @property
    def labels(self) -> tuple[str, ...]:
        """In the order of the network's outputs."""
        return self._manifest.labels

    def posterior(self, text: str) -> Posterior:
        """The calibrated posterior of one turn, with the final score."""
        found = self._network.find(text)
        scaled = found.logits / self._manifest.temperature
        best = best_known(scaled, self._out)
        near = self._known.likeness(found.place, best, self._out)
        seen = features(scaled, found.second, best, self._out, near)
        judged = self._weighing.outcome(seen)
        outside = self._manifest.out_of_scope
        return Posterior.of(self.labels, softmax(scaled), judged, outside, found.parts)

    def place(self, text: str) -> NDArray[np.float32]:
        """The text as a unit vector: near ones mean something alike."""
        return self._network.find(text).place

    def _calibrated(self, logits: Vector) -> Vector:
        return softmax(logits / self._manifest.temperature)

    def _check_golden(self) -> None:
        for row in self._manifest.golden:
            found = self._network.find(row.text)
            wanted, given = self._calibrated(np.array(row.logits)), self._calibrated(found.logits)
            opinion, other = softmax(np.array(row.second)), softmax(found.second)
            shift = float(max(np.abs(wanted - given).max(), np.abs(opinion - other).max()))
            if shift > TOLERANCE or wanted.argmax() != given.argmax():
                raise ModelError(
                    f"The model {self.version} answers differently here than where it was "
                    f"exported: {row.text!r} is off by {shift:.3f} (allowed {TOLERANCE}). Use "
                    "another version of onnxruntime, or train here: tierwise classifier train."
                )


def best_known(logits: Vector, out: int) -> int:
    """The index of the highest logit but that of `out`."""
    known = logits.copy()
    known[out] = -np.inf
    return int(known.argmax())
