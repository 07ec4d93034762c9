"""The classifier alone, in this process: how long rules take, and the model."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifier.model import Model
from devkit.check.pace import percentile
from playbook.rule import first_match
from playbook.shop import Shop

WARM = 200


@dataclass(frozen=True)
class Alone:
    """Microseconds a text: the median and the 99th percentile."""

    p50_us: float
    p99_us: float
    texts: int


def _timed(work: Callable[[str], object], texts: Sequence[str]) -> Alone:
    for text in texts[:WARM]:
        work(text)
    took = []
    for text in texts:
        began = time.perf_counter_ns()
        work(text)
        took.append((time.perf_counter_ns() - began) / 1000)
    return Alone(percentile(took, 0.5), percentile(took, 0.99), len(took))


def rules_alone(shop: Shop, texts: Sequence[str]) -> Alone:
    """Every rule asked about each text, until one fires."""
    return _timed(lambda text: first_match(shop.rules, text), texts)


def model_alone(folder: Path, texts: Sequence[str]) -> Alone:
    """Tokenizer, network and calibration, one text at a time. Raises classifier's ModelError."""
    return _timed(Model.load(folder).posterior, texts)
