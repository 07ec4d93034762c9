"""Runs `tierwise classifier curve`: one point for each number of examples a label."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from devkit.evidence.record import FOLDER
from devkit.evidence.writing import write
from devkit.project import Project
from devkit.training import curve, finetune, fitting, fold
from devkit.training.corpus import Corpus, sha256_of
from devkit.training.curve import Point
from devkit.training.curve_plot import plot
from devkit.training.progress import Progress
from devkit.training.rows import Rows
from devkit.training.samples import Draw, Sample, sample
from devkit.training.targets import background_of, targets_of

NAME = "curve"
"""Of the evidence, and of the picture beside it."""


@dataclass(frozen=True)
class Wanted:
    """What to draw: see the options of `tierwise classifier curve`."""

    data: Path
    background: Path | None
    test: Path | None
    sizes: tuple[int, ...]
    out_of_scope: str
    base: str
    recipe: finetune.Recipe
    draw: Draw


def command(wanted: Wanted, *, as_json: bool, evidence: bool, picture: Path | None) -> None:
    """Measure, print, and write picture and evidence where asked."""
    found, sums = _sample(wanted)
    with Progress(Console(stderr=True)) as progress:
        policy = fitting.Policy(wanted.draw.share, targets=targets_of(wanted.data, None))
        means = curve.Means(fold.load(wanted.base), wanted.recipe, policy, progress)
        points = curve.points(found, wanted.sizes, means)
    figures = told(found, points)
    if as_json:
        print(json.dumps(figures, indent=1))
    else:
        Console().print(table(points, figures))
    if evidence:
        write(NAME, figures, data=sums, seed=wanted.recipe.seed)
        plot(points, figures["asked"], Project.find().docs / FOLDER / f"{NAME}.png")
    if picture:
        plot(points, figures["asked"], picture)


def _sample(wanted: Wanted) -> tuple[Sample, dict[str, str]]:
    """The rows, and the SHA-256 of what they came from."""
    corpus = Corpus.read(wanted.data)
    test = Corpus.read(wanted.test) if wanted.test else None
    sums = {str(wanted.data): corpus.sha256}
    if test and wanted.test:
        sums[str(wanted.test)] = test.sha256
    if wanted.background:
        sums[str(wanted.background)] = sha256_of([wanted.background])
    texts = background_of(wanted.data, wanted.background)
    rows = Rows.of(corpus.rows, wanted.out_of_scope, texts)
    return sample(rows, test.rows if test else None, wanted.draw), sums


def told(found: Sample, points: Sequence[Point]) -> dict[str, Any]:
    """As JSON: figures rounded to four digits."""
    truth = found.rows.truth[found.asked]
    return {
        "asked": {
            "rows": len(found.asked),
            "out_of_scope": int((truth == found.rows.outside).sum()),
            "labels": len(found.rows.labels) - 1,
        },
        "background": len(found.background),
        "points": [_rounded(asdict(point)) for point in points],
        "table": paged(points),
    }


def paged(points: Sequence[Point]) -> dict[str, Any]:
    """The points as a table of a page."""
    covered = [f"coverage at {precision:.0%} precision" for precision in curve.PRECISIONS]
    shares = ["accuracy, in scope", *covered, "answered at the thresholds", "right of those"]
    rows = [
        [
            point.size,
            point.accuracy,
            *point.coverage.values(),
            point.answered,
            point.precision,
            point.oos_auroc,
            len(point.rules_only),
        ]
        for point in points
    ]
    return {
        "columns": [
            "examples a label",
            *({"title": name, "format": "%"} for name in shares),
            {"title": "out-of-scope AUROC", "format": ".3f"},
            "labels with rules only",
        ],
        "rows": [[_rounded(cell) for cell in row] for row in rows],
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    if isinstance(value, tuple):
        return list(value)
    return round(value, 4) if isinstance(value, float) else value


def table(points: Sequence[Point], figures: dict[str, Any]) -> Table:
    """A row per size."""
    asked = figures["asked"]
    title = f"{asked['rows']} rows asked, {asked['out_of_scope']} of them out of scope"
    shown = Table("examples", "accuracy", "out-of-scope AUROC", title=title)
    for precision in curve.PRECISIONS:
        shown.add_column(f"at {precision:.0%}")
    for name in ("answered at thresholds", "of them right", "rules only"):
        shown.add_column(name)
    for point in points:
        right = "" if point.precision is None else f"{point.precision:.1%}"
        shown.add_row(
            str(point.size),
            f"{point.accuracy:.1%}",
            f"{point.oos_auroc:.3f}",
            *(f"{one:.1%}" for one in point.coverage.values()),
            f"{point.answered:.1%}",
            right,
            f"{len(point.rules_only)} of {asked['labels']}",
        )
    return shown
