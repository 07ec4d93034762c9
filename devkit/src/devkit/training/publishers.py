"""Splits labelled data of several publishers: one is left out, the others teach.

What a publisher's customers write is alike in ways that a random split lets a model learn by heart.
So each publisher in turn is only asked about, with out-of-scope rows added from a pool that no
training sees, the same for all.
"""

import hashlib
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from devkit.training.corpus import Row
from devkit.training.error import CorpusError
from devkit.training.rows import Rows

LEAST_KNOWN = 100
"""Fewer rows in scope, of labels that the others teach, and an interval says nothing."""

LEAST_KINDS = 2
"""Kinds of rows that a publisher must have itself: labels that others teach, and out of scope. Rows
of one label alone have nothing of the publisher's own that they could be taken for."""


@dataclass(frozen=True)
class Split:
    """Numbers of rows: `taught` by the other publishers, `asked` of the one left out.

    `absent` are its labels that nobody else has: their rows are not asked, and are named.
    """

    publisher: str
    taught: list[int]
    asked: list[int]
    absent: dict[str, int]


def publisher(row: Row) -> str:
    """Who published a row: its source up to the first dash, so that two editions are one."""
    return row.source.partition("-")[0]


def splits(rows: Rows, share: float, seed: int) -> list[Split]:
    """One split per publisher with enough rows, `share` of whose asked rows are out of scope.

    Raises CorpusError without sources, or where no publisher has enough.
    """
    own = [n for n, row in enumerate(rows.rows) if publisher(row) and row.source != "background"]
    if len({publisher(rows.rows[n]) for n in own}) < 2:
        raise CorpusError("Rows of at least two sources are needed: fill in `source` in each row.")
    outside = rows.truth == rows.outside
    pool = [n for n in own if outside[n] and _in_pool(rows.rows[n].text)]
    names = sorted({publisher(rows.rows[n]) for n in own})
    found = [_split(rows, name, own, set(pool), share, seed) for name in names]
    if not any(found):
        raise CorpusError(
            f"No publisher has {LEAST_KNOWN} rows in scope of labels that others teach too, and "
            f"{LEAST_KINDS} labels."
        )
    if not pool:
        raise CorpusError(
            f"No row out of scope is left to ask about: give some, labelled "
            f"{rows.labels[rows.outside]}, with a source."
        )
    return [one for one in found if one]


def _split(
    rows: Rows, name: str, own: Sequence[int], pool: set[int], share: float, seed: int
) -> Split | None:
    mine = {n for n in own if publisher(rows.rows[n]) == name}
    taught = [n for n in range(len(rows)) if n not in mine and n not in pool]
    labels = {rows.rows[n].label for n in taught}
    known = [n for n in sorted(mine) if rows.rows[n].label in labels and n not in pool]
    known = [n for n in known if rows.truth[n] != rows.outside]
    absent = Counter(rows.rows[n].label for n in mine if rows.rows[n].label not in labels)
    kinds = {rows.rows[n].label for n in mine if rows.rows[n].label in labels}
    if len(known) < LEAST_KNOWN or len(kinds) < LEAST_KINDS:
        return None
    dice = random.Random(f"{seed} {name}")
    outliers = min(len(pool), round(share / (1 - share) * len(known)))
    kept = min(len(known), round((1 - share) / share * outliers))
    asked = sorted(dice.sample(known, kept) + dice.sample(sorted(pool), outliers))
    return Split(name, taught, asked, dict(sorted(absent.items())))


def _in_pool(text: str) -> bool:
    """Half of the rows out of scope, the same half every time."""
    return hashlib.sha256(text.strip().lower().encode()).digest()[0] % 2 == 0
