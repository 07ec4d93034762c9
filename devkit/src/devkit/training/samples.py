"""Draws rows for a learning curve: which may be learnt from, and which are asked about."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from devkit.training.corpus import Row
from devkit.training.error import CorpusError
from devkit.training.families import with_families
from devkit.training.rows import BACKGROUND, Rows

PARTS = 4
"""One family in so many is kept for the test, where no test is given."""


@dataclass(frozen=True)
class Draw:
    """How many rows to ask about and to take of the background, at most; the share of those asked
    that is out of scope."""

    asked: int = 1_500
    background: int = 600
    share: float = 0.45
    seed: int = 7


@dataclass(frozen=True)
class Sample:
    """Numbers of rows: of those to learn from, of the background, and of those to be asked."""

    rows: Rows
    pool: list[int]
    background: list[int]
    asked: list[int]


def sample(rows: Rows, test: Sequence[Row] | None, draw: Draw) -> Sample:
    """Held-out families of the rows themselves, or the rows of a test.

    Raises CorpusError where nothing in scope, or nothing out of scope, could be asked.
    """
    found = _held_out(rows, draw.seed) if test is None else _tested(rows, test)
    dice = random.Random(draw.seed)
    rows, asked = found.rows, _at_share(found, draw, dice)
    seen = {rows.rows[number].text.strip().lower() for number in asked}
    pool = [n for n in found.pool if rows.rows[n].text.strip().lower() not in seen]
    background = [n for n in found.background if n not in set(asked)]
    kept = dice.sample(background, min(draw.background, len(background)))
    return Sample(rows, pool, sorted(kept), sorted(asked))


def examples(found: Sample, size: int, seed: int) -> list[int]:
    """Numbers of `size` rows a label, all where there are fewer, without the background.

    A smaller size is part of a larger one.
    """
    rows, chosen = found.rows, []
    by_label: dict[str, list[int]] = defaultdict(list)
    for number in found.pool:
        by_label[rows.rows[number].label].append(number)
    for label in sorted(by_label):
        chosen += _spread(rows, by_label[label], random.Random(f"{seed}/{label}"))[:size]
    return sorted(chosen)


def _spread(rows: Rows, numbers: Sequence[int], dice: random.Random) -> list[int]:
    """One row of each family in a random order, then a second one of each, and so on.

    Who writes eight examples writes eight different ones, and not eight fillings of one template.
    """
    families: dict[str, list[int]] = defaultdict(list)
    for number in numbers:
        families[rows.rows[number].family].append(number)
    shuffled = dice.sample(sorted(families), len(families))
    held = [dice.sample(families[name], len(families[name])) for name in shuffled]
    longest = max((len(one) for one in held), default=0)
    return [one[turn] for turn in range(longest) for one in held if turn < len(one)]


def _held_out(rows: Rows, seed: int) -> Sample:
    home = rows.home(PARTS)
    own = [row.source != BACKGROUND for row in rows.rows]
    place = seed % PARTS
    return Sample(
        rows,
        [n for n, where in enumerate(home) if own[n] and where != place],
        [n for n, where in enumerate(home) if not own[n]],
        [n for n, where in enumerate(home) if where == place],
    )


def _tested(rows: Rows, test: Sequence[Row]) -> Sample:
    if unknown := sorted({row.label for row in test} - set(rows.labels)):
        raise CorpusError(
            f"The test has labels that the data do not teach: {', '.join(unknown)}. Leave their "
            "rows out, or give examples of them."
        )
    both = Rows((*rows.rows, *with_families(test)), rows.labels, rows.outside)
    own = [n for n, row in enumerate(rows.rows) if row.source != BACKGROUND]
    other = [n for n, row in enumerate(rows.rows) if row.source == BACKGROUND]
    return Sample(both, own, other, list(range(len(rows), len(both))))


def _at_share(found: Sample, draw: Draw, dice: random.Random) -> list[int]:
    """As many rows as can be at the share; the background's only for want of others."""
    rows, truth = found.rows, found.rows.truth
    inside = [n for n in found.asked if truth[n] != rows.outside]
    out = [n for n in found.asked if truth[n] == rows.outside]
    out = [n for n in out if rows.rows[n].source != BACKGROUND] or out
    if not inside or not out:
        missing = "in scope" if not inside else "out of scope"
        raise CorpusError(f"No row {missing} is left to ask about: give some, or --test.")
    most = min(draw.asked, len(inside) / (1 - draw.share), len(out) / draw.share)
    return [
        *dice.sample(inside, max(1, int(most * (1 - draw.share)))),
        *dice.sample(out, max(1, int(most * draw.share))),
    ]
