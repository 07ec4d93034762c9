"""Counts verdicts: errors by kind, caught and got through; false alarms."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from devkit.profiles.judge import Verdict
from events.task import Task

SHOWN = 5


@dataclass
class Row:
    """One kind of error of one profile."""

    planted: int = 0
    through: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass
class Tally:
    """All verdicts of one profile."""

    profile: str
    cases: int
    rows: dict[str, Row]
    sentences: int
    stopped: int
    warm: int
    plain: int
    why: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """For a file."""
        rows = {kind: vars(row) for kind, row in sorted(self.rows.items())}
        return {**vars(self), "rows": rows}


def tally(profile: str, verdicts: Sequence[Verdict]) -> Tally:
    """The counts of one profile."""
    told = [one for one in verdicts if one.case.task is not Task.WARM]
    warm = [one for one in verdicts if one.case.task is Task.WARM]
    why = Counter(miss.split()[0] for one in told for _, misses in one.stopped for miss in misses)
    return Tally(
        profile=profile,
        cases=len(verdicts),
        rows=_rows(verdicts),
        sentences=sum(one.sentences for one in told),
        stopped=sum(len(one.stopped) for one in told),
        warm=len(warm),
        plain=sum(bool(one.stopped) for one in warm),
        why=dict(why.most_common()),
    )


def _rows(verdicts: Sequence[Verdict]) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for one in verdicts:
        for label, through in one.labels:
            kind = f"{label.kind} (warm)" if one.case.task is Task.WARM else label.kind
            _count(rows.setdefault(kind, Row()), through, label.wrote)
        for leak in one.leaks:
            _count(rows.setdefault(f"leaked {leak}", Row()), True, one.told[:200])
    return rows


def _count(row: Row, through: bool, wrote: str) -> None:
    row.planted += 1
    row.through += through
    if through and len(row.examples) < SHOWN:
        row.examples.append(wrote)
