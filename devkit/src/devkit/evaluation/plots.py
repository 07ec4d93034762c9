"""Plots of an evaluation, as PNG files. Drawn without a display."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from devkit.evaluation.judged import Judgement
from devkit.evaluation.ranking import risk
from devkit.evaluation.report import Report
from devkit.training.metrics import Reals

WIDTH, DPI, BINS = 6.4, 120, 25
CROWDED = 25
"""Labels above which a cell of the confusion matrix is too small for its number."""

Draw = Callable[[Axes, Judgement, Report], None]


def draw(judged: Judgement, report: Report, folder: Path) -> tuple[str, ...]:
    """Write all plots into a folder, which is made if missing; the names of the files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (paint, high) in PLOTS.items():
        figure = Figure(figsize=(max(WIDTH, high(report)), max(4.8, high(report))))
        FigureCanvasAgg(figure)
        paint(figure.add_subplot(), judged, report)
        figure.savefig(folder / name, dpi=DPI, bbox_inches="tight")
    return tuple(PLOTS)


def reliability(axes: Axes, judged: Judgement, report: Report) -> None:
    """Share right against the final score, with intervals."""
    bins = report.calibration.bins
    at, right = [one.score for one in bins], [one.right.value or 0.0 for one in bins]
    low = [value - (one.right.low or 0.0) for value, one in zip(right, bins, strict=True)]
    high = [(one.right.high or 0.0) - value for value, one in zip(right, bins, strict=True)]
    axes.plot([0, 1], [0, 1], color="grey", linestyle="--", label="perfectly calibrated")
    axes.errorbar(
        at,
        right,
        yerr=np.clip([low, high], 0, None),
        fmt="o",
        capsize=3,
        label="measured, 95 %",
    )
    axes.set(
        xlabel="final score (mean of the bin)",
        ylabel="share of turns where the best known label is right",
        title=f"Reliability: ECE {report.calibration.ece:.3f}, {report.data.rows} turns",
        xlim=(0, 1),
        ylim=(0, 1.02),
    )
    axes.legend(loc="upper left")


def risk_coverage(axes: Axes, judged: Judgement, report: Report) -> None:
    """Share wrong of the answered against share answered, and the fitted thresholds' point."""
    for name, score in (("final score", judged.score), ("softmax maximum", judged.peak)):
        answered, wrong = risk(score, judged.right)
        axes.plot(100 * answered, 100 * wrong, label=name)
    at = report.at_thresholds
    if at.coverage.value is not None and at.precision.value is not None:
        place = ([100 * at.coverage.value], [100 * (1 - at.precision.value)])
        axes.plot(*place, "k*", markersize=14, clip_on=False, label="fitted thresholds")
    axes.set(
        xlabel="turns answered (% of all)",
        ylabel="wrong among the answered (%)",
        title="Risk and coverage (an answer out of scope is wrong)",
        xlim=(0, 100),
    )
    axes.set_ylim(bottom=0)
    axes.legend(loc="upper left")


def confusion(axes: Axes, judged: Judgement, report: Report) -> None:
    """Rows by label and best label, coloured by share of the label's rows."""
    names = list(report.labels)
    ticks = [name.replace("$", r"\$") for name in names]  # no formulas: they are names
    index = {name: number for number, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)), dtype=np.int64)
    for one in judged.rows:
        counts[index[one.row.label], index[one.posterior.best]] += 1
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    image = axes.imshow(100 * shares, cmap="Blues", vmin=0, vmax=100)
    axes.figure.colorbar(image, ax=axes, label="% of the label's turns", shrink=0.8)
    axes.set_xticks(range(len(names)), ticks, rotation=90)
    axes.set_yticks(range(len(names)), ticks)
    axes.set(xlabel="best label (model)", ylabel="label (data)", title="Confusion (turns)")
    if len(names) <= CROWDED:
        _numbers(axes, counts, shares)


def histogram(axes: Axes, judged: Judgement, report: Report) -> None:
    """Final scores of turns in scope and of those out of scope."""
    edges = np.linspace(0, 1, BINS + 1)
    for name, which in (("in scope", ~judged.outside), ("out of scope", judged.outside)):
        held = int(which.sum())
        if held:
            weights = np.full(held, 100 / held)
            label = f"{name} ({held} turns)"
            axes.hist(judged.score[which], edges.tolist(), weights=weights, alpha=0.6, label=label)
    axes.set(
        xlabel="final score",
        ylabel="turns of that kind (%)",
        title="Final score in scope and out of scope",
        xlim=(0, 1),
    )
    axes.legend(loc="upper center")


def _numbers(axes: Axes, counts: np.ndarray, shares: Reals) -> None:
    for (row, column), count in np.ndenumerate(counts):
        if count:
            color = "white" if shares[row, column] > 0.5 else "black"
            axes.text(column, row, str(count), ha="center", va="center", color=color, fontsize=8)


def _usual(report: Report) -> float:
    return 0.0


def _by_labels(report: Report) -> float:
    return min(0.5 * len(report.labels) + 2, 40)


PLOTS: dict[str, tuple[Draw, Callable[[Report], float]]] = {
    "reliability.png": (reliability, _usual),
    "risk_coverage.png": (risk_coverage, _usual),
    "confusion.png": (confusion, _by_labels),
    "scores.png": (histogram, _usual),
}
