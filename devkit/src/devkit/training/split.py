"""Folds that keep groups whole."""

import hashlib
from collections import Counter
from collections.abc import Sequence


def folds(groups: Sequence[str], labels: Sequence[str], count: int) -> list[int]:
    """The fold (0 … count-1) of each row. Rows of one group share a fold; labels are spread evenly.

    Groups are placed largest first, each where its label is rarest, ties by the group's hash: the
    same rows give the same folds on every machine.
    """
    if count < 2:
        raise ValueError("cross-validation needs at least two folds")
    sizes = Counter(groups)
    label_of = dict(zip(groups, labels, strict=True))
    load: Counter[tuple[str, int]] = Counter()
    home: dict[str, int] = {}
    for group in sorted(sizes, key=lambda name: (-sizes[name], _hash(name))):
        label = label_of[group]
        turn = int(_hash(group), 16)
        fold = min(range(count), key=lambda k: (load[label, k], (k + turn) % count))
        load[label, fold] += sizes[group]
        home[group] = fold
    return [home[group] for group in groups]


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
