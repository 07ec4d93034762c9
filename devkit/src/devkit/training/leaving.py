"""Runs `tierwise classifier lopo`: each publisher left out in turn, four ways compared."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from devkit.evidence.writing import write
from devkit.training import finetune, fold, lopo
from devkit.training.corpus import Corpus, sha256_of
from devkit.training.lopo import Answers
from devkit.training.metrics import Flags
from devkit.training.pipeline import encode
from devkit.training.progress import Progress
from devkit.training.publishers import Split, splits
from devkit.training.rows import Rows
from devkit.training.targets import background_file, background_of

FIGURES = {"coverage_at_0.95": lopo.coverage, "auroc": lopo.separation}
NAMES = {
    "softmax": "a · softmax with a background class",
    "frozen": "b · frozen MiniLM, logistic regression, × nearest neighbour",
    "tfidf": "c · TF-IDF, logistic regression",
    "ours": "d · final score",
}


@dataclass(frozen=True)
class Wanted:
    """What to compare: see the options of `tierwise classifier lopo`."""

    data: Path
    background: Path | None
    out_of_scope: str
    share: float
    draws: int
    base: str
    recipe: finetune.Recipe


@dataclass(frozen=True)
class Line:
    """One publisher: its rows, labels that nobody else teaches, and what each way reached.

    `figures` by way and figure; `gaps` by other way and figure: ours less the other's, with its
    95 % interval over resampled rows.
    """

    publisher: str
    in_scope: int
    out_of_scope: int
    absent: dict[str, int]
    figures: dict[str, dict[str, float]]
    gaps: dict[str, dict[str, tuple[float, float, float]]]


def command(wanted: Wanted, *, as_json: bool, evidence: bool) -> None:
    """Compare, print, and write the evidence where asked."""
    corpus = Corpus.read(wanted.data)
    texts = background_of(wanted.data, wanted.background)
    rows = Rows.of(corpus.rows, wanted.out_of_scope, texts)
    with Progress(Console(stderr=True)) as progress:
        lines = run(rows, wanted, progress)
    publishers = plain(lines)
    found = {"publishers": publishers, "verdict": verdict(lines), "table": told(publishers)}
    if as_json:
        print(json.dumps(found, indent=1))
    else:
        console = Console(width=150)
        console.print(table(lines))
        console.print(verdict(lines), markup=False)
    if evidence:
        sums = {wanted.data.name: corpus.sha256}
        if background := background_file(wanted.data, wanted.background):
            sums[background.name] = sha256_of([background])
        write("lopo", found, data=sums, seed=wanted.recipe.seed)


def run(rows: Rows, wanted: Wanted, progress: Progress) -> list[Line]:
    """A line per publisher. Raises CorpusError where there are too few of them."""
    recipe, base = wanted.recipe, fold.load(wanted.base)
    chosen = splits(rows, wanted.share, recipe.seed)
    encoded = encode(base, rows, recipe, progress)
    found = []
    for one in chosen:
        with progress.stage(f"Without {escape(one.publisher)}", _steps(one, recipe)):
            made = lopo.answers(base, encoded, recipe, one, progress.step)
        out = rows.truth[one.asked] == rows.outside
        right = {name: each.right(encoded, one.asked) for name, each in made.items()}
        found.append(_line(one, made, right, out, wanted.draws, recipe.seed))
    return found


def _steps(one: Split, recipe: finetune.Recipe) -> int:
    count = len(one.taught)
    epochs = finetune.epochs_of(count, recipe)
    held = finetune.steps(count - count // recipe.folds, recipe, epochs) * recipe.folds
    return held + finetune.steps(count, recipe, epochs)


def _line(
    one: Split,
    made: dict[str, Answers],
    right: dict[str, Flags],
    out: Flags,
    draws: int,
    seed: int,
) -> Line:
    scores = {way: (each.sure, right[way]) for way, each in made.items()}
    figures = {
        way: {name: measure(*score, out) for name, measure in FIGURES.items()}
        for way, score in scores.items()
    }
    gaps = {
        way: {
            name: lopo.differences(measure, scores["ours"], score, out, draws, seed)
            for name, measure in FIGURES.items()
        }
        for way, score in scores.items()
        if way != "ours"
    }
    return Line(one.publisher, int((~out).sum()), int(out.sum()), one.absent, figures, gaps)


def verdict(lines: Sequence[Line]) -> str:
    """In words: is ours ever below the frozen control, and how often above the softmax?"""
    pairs = [(line, name) for line in lines for name in FIGURES]
    below = [f"{one.publisher} ({name})" for one, name in pairs if one.gaps["frozen"][name][2] < 0]
    above = sum(line.gaps["softmax"][name][0] > 0 for line, name in pairs)
    said = f"below the frozen control in {', '.join(below)}" if below else "nowhere below it"
    return f"The final score: {said}; above the softmax in {above} of {len(pairs)} figures."


def table(lines: Sequence[Line]) -> Table:
    """A row per publisher and way."""
    shown = Table("left out", "way", "coverage at 95 %", "ours less it", "AUROC", "ours less it")
    for line in lines:
        absent = ", ".join(f"{name} ({count})" for name, count in line.absent.items())
        rows = f"{line.in_scope} in, {line.out_of_scope} out of scope"
        shown.add_row(f"[bold]{escape(line.publisher)}[/bold]", rows, "", "", "", "")
        if absent:
            shown.add_row("", f"not asked, nobody else has: {escape(absent)}", "", "", "", "")
        for way in lopo.WAYS:
            shown.add_row("", NAMES[way], *_cells(line, way))
    return shown


def _cells(line: Line, way: str) -> list[str]:
    cells = []
    for name in FIGURES:
        cells.append(f"{line.figures[way][name]:.3f}")
        gap = line.gaps.get(way, {}).get(name)
        cells.append(_gap(gap))
    return cells


def plain(lines: Sequence[Line]) -> list[dict[str, object]]:
    """As JSON: figures rounded to four digits."""
    return [
        {
            "publisher": line.publisher,
            "in_scope": line.in_scope,
            "out_of_scope": line.out_of_scope,
            "absent": line.absent,
            "figures": {
                way: {name: round(value, 4) for name, value in found.items()}
                for way, found in line.figures.items()
            },
            "gaps": {
                way: {name: np.round(gap, 4).tolist() for name, gap in found.items()}
                for way, found in line.gaps.items()
            },
        }
        for line in lines
    ]


def told(publishers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The table of a page: what `plain` holds, a row per publisher and way."""
    columns = [
        {"title": "left out"},
        {"title": "way"},
        {"title": "coverage at 95 %", "format": "%"},
        {"title": "final score less it"},
        {"title": "AUROC", "format": ".3f"},
        {"title": "final score less it"},
    ]
    rows: list[list[object]] = []
    for one in publishers:
        count = f"{one['publisher']} ({one['in_scope']} in, {one['out_of_scope']} out of scope)"
        for way in lopo.WAYS:
            row: list[object] = [count if way == lopo.WAYS[0] else "", NAMES[way]]
            for name in FIGURES:
                row += [one["figures"][way][name], _gap(one["gaps"].get(way, {}).get(name))]
            rows.append(row)
    return {"columns": columns, "rows": rows}


def _gap(gap: Sequence[float] | None) -> str:
    return "" if gap is None else f"{gap[0]:+.3f} [{gap[1]:+.3f}, {gap[2]:+.3f}]"
