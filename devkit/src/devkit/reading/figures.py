"""How often the first choice and the reader are right, by writers left out in turn."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from classifier.choice import Choice
from classifier.doubt import CLARIFY, DEAREST
from classifier.limits import Limits
from classifier.model import Posterior
from classifier.reading.candidates import SIGNS
from classifier.reading.reread import reread
from devkit.evaluation.share import rounded_share
from devkit.reading.observed import Observed
from devkit.reading.picking import Pick
from devkit.training.corpus import Row
from devkit.training.metrics import Flags


def chosen(rows: Observed, held: Sequence[Posterior], limits: Limits) -> list[Choice]:
    """What is chosen of each turn; `held` are posteriors of readers that knew not its writer."""
    return [reread(one, seen.first, limits) for one, seen in zip(held, rows.seen, strict=True)]


def figures(rows: Observed, read: Sequence[Choice]) -> dict[str, Any]:
    """Shares of turns whose use case is an accepted one: chosen first, and once `read`.

    `cheap_wrong` is the share that is answered without the large model for another use case.
    """
    after = np.array([_right(one, row) for one, row in zip(read, rows.rows, strict=True)])
    sure = np.array([_sure(one) for one in read])
    before = np.array([_sure(seen.first) for seen in rows.seen])
    return {
        "turns": len(rows.rows),
        "first": rounded_share(rows.right),
        "read": rounded_share(after),
        "first_cheap_wrong": rounded_share(before & ~rows.right),
        "read_cheap_wrong": rounded_share(sure & ~after),
        "first_cheap": rounded_share(before),
        "read_cheap": rounded_share(sure),
        "writers": {name: _of(name, rows, after) for name in sorted(set(rows.writers))},
    }


def figures_of_things(picks: Sequence[Pick], held: Flags) -> dict[str, Any]:
    """Of one kind of things: the share picked right, where one is wanted and where none is.

    `first` are the shares before the reader's pick. `held` says which picks were right.
    """
    wanted = np.array([one.right < len(one.signs) for one in picks])
    before = np.array([_chosen_first(one) == one.right for one in picks])
    return {
        "wanted": rounded_share(held[wanted]),
        "wanted_first": rounded_share(before[wanted]),
        "none": rounded_share(held[~wanted]),
        "none_first": rounded_share(before[~wanted]),
    }


def _chosen_first(one: Pick) -> int:
    """The candidate that stood in the slots, or their number for none."""
    flagged = np.flatnonzero(one.signs[:, SIGNS.index("chosen first")])
    return int(flagged[0]) if len(flagged) else len(one.signs)


def _of(writer: str, rows: Observed, after: Flags) -> dict[str, Any]:
    mine = np.array([name == writer for name in rows.writers])
    return {
        "turns": int(mine.sum()),
        "first": round(float(rows.right[mine].mean()), 4),
        "read": round(float(after[mine].mean()), 4),
    }


def _right(choice: Choice, row: Row) -> bool:
    return choice.use_case in row.accepts


def _sure(choice: Choice) -> bool:
    return choice.template != CLARIFY and DEAREST.isdisjoint(choice.overlays)
