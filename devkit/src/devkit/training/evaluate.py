"""What the served network says about held-out rows, and the figures drawn from it."""

import json
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import numpy as np

from classifier.manifest import OUT_OF_SCOPE
from classifier.model import Network, Vector, softmax
from devkit.training import metrics
from devkit.training.corpus import CorpusError
from devkit.training.metrics import Indices, Matrix

Scorer = Callable[[str], Vector]


def logits_of(scorer: Scorer, texts: Sequence[str]) -> Matrix:
    """Logits (n, labels), one inference per text."""
    return np.array([scorer(text) for text in texts])


def truth_of(names: Sequence[str], labels: Sequence[str]) -> Indices:
    """Label names as indices."""
    index = {label: number for number, label in enumerate(labels)}
    return np.array([index[name] for name in names], dtype=np.int64)


def figures(
    logits: Matrix, truth: Indices, labels: Sequence[str], temperature: float
) -> dict[str, float]:
    """Accuracy, macro-F1, calibration error, and how well out of scope is told from the rest."""
    probabilities = softmax(logits / temperature)
    column = list(labels).index(OUT_OF_SCOPE)
    found = {
        "accuracy": metrics.accuracy(probabilities, truth),
        "macro_f1": metrics.macro_f1(probabilities, truth),
        "ece": metrics.expected_calibration_error(probabilities, truth),
        "oos_auroc": metrics.auroc(probabilities[:, column], truth == column),
        "oos_answered_at_0.9": metrics.sure_but_wrong(probabilities, truth, column, 0.9),
    }
    return {name: round(value, 4) for name, value in found.items()}


def agreement(one: Matrix, other: Matrix) -> float:
    """Share of rows with the same winner."""
    return round(float((one.argmax(axis=1) == other.argmax(axis=1)).mean()), 4)


def latency(network: Network, texts: Sequence[str]) -> dict[str, float]:
    """Milliseconds per text on one thread, tokenizer included, after a warm-up."""
    for text in texts[:50]:
        network.logits(text)
    taken = []
    for text in texts:
        start = time.perf_counter()
        network.logits(text)
        taken.append((time.perf_counter() - start) * 1000)
    return {
        "latency_p50_ms": round(float(np.percentile(taken, 50)), 2),
        "latency_p99_ms": round(float(np.percentile(taken, 99)), 2),
    }


def transfer(
    scorer: Scorer, file: Path, labels: Sequence[str], known: Collection[str]
) -> dict[str, float]:
    """Figures on other people's utterances: a JSONL file with `text` and `label` in every row.

    A text that is also in the corpus (`known`, in small letters) is left out.
    Raises CorpusError for a row that does not parse or has an unknown label.
    """
    texts, names = _foreign(file, labels, known)
    logits, truth = logits_of(scorer, texts), truth_of(names, labels)
    return {
        "transfer_accuracy": round(metrics.accuracy(logits, truth), 4),
        "transfer_macro_f1": round(metrics.macro_f1(logits, truth), 4),
        "transfer_rows": float(len(texts)),
    }


def _foreign(
    file: Path, labels: Sequence[str], known: Collection[str]
) -> tuple[list[str], list[str]]:
    texts: list[str] = []
    names: list[str] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            text, name = str(row["text"]), str(row["label"])
        except (ValueError, KeyError, TypeError) as error:
            raise CorpusError(f"{file.name}, line {number}: {error!r}") from error
        if name not in labels:
            raise CorpusError(f"{file.name}, line {number}: label {name!r} is unknown")
        if text.strip().lower() not in known:
            texts.append(text)
            names.append(name)
    return texts, names
