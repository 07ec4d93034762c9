"""How long one turn takes, alone on one thread."""

import time
from collections.abc import Callable, Sequence

import numpy as np

MOST = 1_000
SHORT = 60
"""A short turn, in characters: nine of ten turns are."""


def measured(ask: Callable[[str], object], texts: Sequence[str]) -> dict[str, float]:
    """Milliseconds a short text, P50 and P99, after a warm-up; texts a second."""
    short = [text for text in texts if len(text) <= SHORT][:: max(1, len(texts) // MOST)] or texts
    for text in short[:50]:
        ask(text)
    taken = []
    for text in short:
        start = time.perf_counter()
        ask(text)
        taken.append((time.perf_counter() - start) * 1000)
    return {
        "latency_p50_ms": round(float(np.percentile(taken, 50)), 2),
        "latency_p99_ms": round(float(np.percentile(taken, 99)), 2),
        "turns_per_second": round(1000 / float(np.mean(taken)), 0),
    }
