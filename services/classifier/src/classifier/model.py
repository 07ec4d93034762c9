"""The second stage: a DistilBERT sequence classifier in int8 ONNX, one turn per inference."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from classifier.manifest import NETWORK, OUT_OF_SCOPE, TOKENIZER, Manifest, ModelError

Vector = NDArray[np.float64]

# int8 kernels round differently from one CPU to the next (VNNI, AVX2, ARM). Logits move a little,
# so that an exact comparison would refuse a sound model. A wrong file or an overflowing kernel
# moves probabilities by far more than this, or changes the winner.
TOLERANCE = 0.05
# The tokenizer cuts at `max_length` tokens anyway; cutting characters first bounds its time.
MAX_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class Posterior:
    """What the model believes about one turn.

    `probabilities` are calibrated, best first, and sum to 1. `entropy_bits` is over all labels (0
    to log2 of their number). `out_of_scope` is the probability of that label.
    """

    probabilities: tuple[tuple[str, float], ...]
    entropy_bits: float
    out_of_scope: float

    @classmethod
    def of(cls, labels: tuple[str, ...], probabilities: Vector) -> Self:
        """Pair labels with their probabilities (same order) and sort; ties keep label order."""
        pairs = list(zip(labels, probabilities.tolist(), strict=True))
        return cls(
            probabilities=tuple(sorted(pairs, key=lambda pair: -pair[1])),
            entropy_bits=entropy_bits(probabilities),
            out_of_scope=dict(pairs)[OUT_OF_SCOPE],
        )

    @property
    def best(self) -> str:
        """The most probable label."""
        return self.probabilities[0][0]


class Network:
    """Text to logits.

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

    def logits(self, text: str) -> Vector:
        """One logit per label for one text of any length, the empty one included."""
        ids = self._tokenizer.encode(text[:MAX_CHARACTERS]).ids
        (rows,) = self._session.run(None, {"input_ids": np.array([ids], dtype=np.int64)})
        return np.asarray(rows[0], dtype=np.float64)


class Model:
    """A loaded model. `posterior` takes about a millisecond and may be called from any thread."""

    def __init__(self, manifest: Manifest, network: Network) -> None:
        self._manifest = manifest
        self._network = network

    @classmethod
    def load(cls, path: Path, threads: int = 1) -> Self:
        """Open the model of a folder and let it answer its golden texts.

        Raises ModelError when a file is missing or changed, when labels and network disagree, or
        when a golden text gets another winner or a probability more than `TOLERANCE` away.
        """
        manifest = Manifest.read(path)
        try:
            network = Network(path, manifest.max_length, threads)
        except Exception as error:  # both libraries raise bare or undocumented kinds here
            raise ModelError(f"The model in {path} cannot be opened: {error}") from error
        if network.width != len(manifest.labels):
            raise ModelError(
                f"{path}: model.json names {len(manifest.labels)} labels, the network has "
                f"{network.width} outputs. Train it again: tierwise classifier train."
            )
        model = cls(manifest, network)
        model._check_golden()
        return model

    @property
    def version(self) -> str:
        """Changes with everything that decides an answer."""
        return self._manifest.version

    @property
    def labels(self) -> tuple[str, ...]:
        """In the order of the network's outputs."""
        return self._manifest.labels

    def posterior(self, text: str) -> Posterior:
        """The calibrated posterior of one turn."""
        return Posterior.of(self.labels, self._calibrated(self._network.logits(text)))

    def _calibrated(self, logits: Vector) -> Vector:
        return softmax(logits / self._manifest.temperature)

    def _check_golden(self) -> None:
        for row in self._manifest.golden:
            wanted = self._calibrated(np.array(row.logits))
            found = self._calibrated(self._network.logits(row.text))
            shift = float(np.abs(wanted - found).max())
            if shift > TOLERANCE or wanted.argmax() != found.argmax():
                raise ModelError(
                    f"The model {self.version} answers differently here than where it was "
                    f"exported: {row.text!r} is off by {shift:.3f} (allowed {TOLERANCE}). Use "
                    "another version of onnxruntime, or train here: tierwise classifier train."
                )


def softmax(logits: Vector) -> Vector:
    """Probabilities along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def entropy_bits(probabilities: Vector) -> float:
    """Shannon entropy in bits; a probability of 0 adds nothing."""
    positive = probabilities[probabilities > 0]
    return float(abs((positive * np.log2(positive)).sum()))
