"""Texts that a loaded model must answer as it did when it was exported."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence

from classifier.manifest import Golden
from classifier.scoring import Vector

COUNT = 50

Scorer = Callable[[str], Vector]


def golden(scorer: Scorer, texts: Sequence[str]) -> tuple[Golden, ...]:
    """The texts with the logits that the exported network gives for them."""
    return tuple(
        Golden(text=text, logits=tuple(round(float(x), 4) for x in scorer(text))) for text in texts
    )


def chosen(texts: Sequence[str], labels: Sequence[str]) -> list[str]:
    """`COUNT` of the texts, spread evenly over their labels, the same ones every time."""
    by_label: dict[str, list[str]] = defaultdict(list)
    for text, label in zip(texts, labels, strict=True):
        by_label[label].append(text)
    queues = [sorted(by_label[label], key=_hash) for label in sorted(by_label)]
    rounds = (queue[turn] for turn in range(len(texts)) for queue in queues if turn < len(queue))
    return [text for text, _ in zip(rounds, range(COUNT), strict=False)]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
