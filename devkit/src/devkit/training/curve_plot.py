"""The picture of a learning curve, as a PNG file. Drawn without a display."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from devkit.training.curve import PRECISIONS, Point


def plot(points: Sequence[Point], asked: Mapping[str, int], file: Path) -> None:
    """Coverage and the two figures beside it against examples a label, on a logarithmic axis."""
    figure = Figure(figsize=(7.2, 4.8))
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    sizes = [point.size for point in points]
    for precision in PRECISIONS:
        covered = [point.coverage[f"{precision:.2f}"] for point in points]
        axes.plot(sizes, covered, marker="o", label=f"coverage at {precision:.0%} precision")
    answered = [point.answered for point in points]
    axes.plot(sizes, answered, marker="s", color="black", label="answered at the thresholds")
    axes.plot(sizes, [point.accuracy for point in points], ":", label="accuracy, in scope")
    axes.plot(sizes, [point.oos_auroc for point in points], "--", label="out-of-scope AUROC")
    axes.axhline(1 - asked["out_of_scope"] / asked["rows"], color="grey", linewidth=0.8)
    axes.set_xscale("log")
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()
    axes.set(
        xlabel="examples a label",
        ylabel="share",
        ylim=(0, 1.02),
        title=f"{asked['rows']} held-out turns, {asked['out_of_scope']} of them out of scope\n"
        "(grey: all that is in scope)",
    )
    axes.legend(loc="center right", fontsize="small")
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=120, bbox_inches="tight")
