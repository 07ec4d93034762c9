"""What the reader would be shown of labelled turns."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from classifier.reading.seen import Seen, features
from devkit.reading.sessions import Sessions
from devkit.route.router import Router
from devkit.training.corpus import CorpusError, Row
from devkit.training.metrics import Flags, Matrix


@dataclass(frozen=True)
class Observed:
    """Rows that a reader may decide, with what it sees: `found` (n, features).

    `writers` says who wrote each; `right` (n,) whether the first choice was an accepted one.
    """

    rows: tuple[Row, ...]
    writers: tuple[str, ...]
    seen: tuple[Seen, ...]
    found: Matrix
    right: Flags


def observed(router: Router, sessions: Sessions, step: Callable[[], None]) -> Observed:
    """Decide every row without a reader, and keep what one would see of it.

    Raises CorpusError where no row is left.
    """
    kept = []
    for row, writer in zip(sessions.rows, sessions.writers, strict=True):
        seen = router.seen(row.text, router.recall(list(row.history)))
        step()
        if seen:
            kept.append((row, writer, seen))
    if not kept:
        raise CorpusError("No turn is left that a reader may decide. Give more rows.")
    labels = labels_of(kept[0][2])
    return Observed(
        tuple(row for row, _, _ in kept),
        tuple(writer for _, writer, _ in kept),
        tuple(seen for _, _, seen in kept),
        np.array([features(seen, labels) for _, _, seen in kept], np.float32),
        np.array([seen.first.use_case in row.accepts for row, _, seen in kept]),
    )


def labels_of(seen: Seen) -> tuple[str, ...]:
    """The model's labels, in alphabetical order, which is the model's own."""
    return tuple(sorted(name for name, _ in seen.alone.probabilities))
