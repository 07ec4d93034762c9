"""Fits how the reader picks the order and the book that a turn is about."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize

from classifier.choice import Choice
from classifier.history.subject import ORDER_ID, SERIES
from classifier.history.things import with_things
from classifier.reading.candidates import AT_LARGE, SIGNS, at_large, candidates
from classifier.reading.referent import Referent, nothing_of
from classifier.reading.settled import picks_of
from classifier.scoring import Vector
from devkit.reading.observed import Observed
from devkit.training.metrics import Flags, Matrix
from playbook.shop import Shop

WANTED = {"order": ORDER_ID, "book": SERIES}
STRENGTH = 0.3
"""Of the penalty on the squares of the weights; it was not tuned."""

Named = Callable[[Mapping[str, str], str], bool]
"""Whether slots name the wanted order or series."""


@dataclass(frozen=True)
class Pick:
    """One choice to learn from: candidates' signs (k, signs), what speaks for none, and which of
    them is right (k for none)."""

    signs: Matrix
    nothing: Vector
    right: int
    row: int


def picks(
    shop: Shop, rows: Observed, choices: Sequence[Choice], labels: tuple[str, ...], named: Named
) -> dict[str, list[Pick]]:
    """Of every row whose use case was chosen right and whose things are to be picked; by kind.

    A row whose wanted thing nobody named before teaches nothing and is left out.
    """
    found: dict[str, list[Pick]] = {kind: [] for kind in WANTED}
    for number, (row, seen, first) in enumerate(zip(rows.rows, rows.seen, choices, strict=True)):
        if not picks_of(first) or first.use_case not in row.accepts:
            continue
        slots = with_things(shop, first, seen.context, seen.text).slots
        for kind, slot in WANTED.items():
            things = candidates(shop, seen.context, seen.text, kind, slots)
            right = _right([one.thing.slots for one in things], row.slots.get(slot), named)
            if right is None:
                continue
            large = at_large(shop, seen.context, seen.text, kind, slots)
            nothing = nothing_of(first.use_case, labels, large)
            signs = np.array([one.vector() for one in things]).reshape(len(things), len(SIGNS))
            found[kind].append(Pick(signs, nothing, right, number))
    return found


def _right(things: Sequence[Mapping[str, str]], wanted: str | None, named: Named) -> int | None:
    if wanted is None:
        return len(things)
    return next((at for at, slots in enumerate(things) if named(slots, wanted)), None)


def fit(rows: Sequence[Pick], labels: int) -> Referent:
    """The likeliest weights, with a penalty."""
    size = len(SIGNS) + labels + AT_LARGE

    def loss(weights: Vector) -> tuple[float, Vector]:
        total, slope = STRENGTH * float(weights @ weights), 2 * STRENGTH * weights
        for one in rows:
            more, change = _surprise(one, weights)
            total, slope = total + more, slope + change
        return total, slope

    found: Any = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B")
    return Referent(found.x[: len(SIGNS)], found.x[len(SIGNS) :])


def right(rows: Sequence[Pick], referent: Referent) -> Flags:
    """Whether each row's thing, or none, is picked."""
    return np.array([int(_scores(one, referent).argmax()) == one.right for one in rows])


def unread(rows: Sequence[Pick], writers: Sequence[str], labels: int) -> Flags:
    """Whether each row's thing is picked by weights that come from all other writers alone."""
    author = np.array([writers[one.row] for one in rows])
    found = np.zeros(len(rows), dtype=bool)
    for writer in dict.fromkeys(author.tolist()):
        held = np.flatnonzero(author == writer)
        kept = [rows[int(number)] for number in np.flatnonzero(author != writer)]
        found[held] = right([rows[int(number)] for number in held], fit(kept, labels))
    return found


def _scores(one: Pick, referent: Referent) -> Vector:
    return np.append(one.signs @ referent.signs, one.nothing @ referent.none)


def _surprise(one: Pick, weights: Vector) -> tuple[float, Vector]:
    """The negative log-probability of the right one in nats, and its slope."""
    referent = Referent(weights[: len(SIGNS)], weights[len(SIGNS) :])
    scores = _scores(one, referent)
    scores = scores - scores.max()
    given = np.exp(scores) / np.exp(scores).sum()
    off = given.copy()
    off[one.right] -= 1
    slope = np.concatenate([one.signs.T @ off[:-1], one.nothing * off[-1]])
    return -float(np.log(max(given[one.right], 1e-12))), slope
