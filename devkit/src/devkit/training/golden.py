"""Texts that a loaded model must answer as it did when it was exported."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence

from classifier.manifest import Golden
from classifier.model import Found
from classifier.scoring import Vector

COUNT = 50

Scorer = Callable[[str], Found]


def golden(scorer: Scorer, texts: Sequence[str]) -> tuple[Golden, ...]:
    """The texts with what the exported network says of them."""
    return tuple(_one(text, scorer(text)) for text in texts)


def _one(text: str, found: Found) -> Golden:
    return Golden(text=text, logits=_rounded(found.logits), second=_rounded(found.second))


def _rounded(values: Vector) -> tuple[float, ...]:
    return tuple(round(float(value), 4) for value in values)


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
