"""The comparison at a glance: cost of a session against the share of wrong answers."""

from collections.abc import Mapping
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from devkit.report.bootstrap import Compared, Estimate
from devkit.report.comparison import OURS, TITLES

OWN, OTHERS = "#c0392b", "#34495e"
X, Y = "wrong", "cost_per_session"


def draw(compared: Mapping[str, Compared], file: Path) -> None:
    """Write a PNG: a point with both 95 % intervals for each router. Lower left is better."""
    figure = Figure(figsize=(8.0, 5.0), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for name, one in compared.items():
        _point(axes, TITLES[name], one.figures, OWN if name == OURS else OTHERS)
    axes.set_xlabel("answered under a wrong use case, % of turns")
    axes.set_ylabel("expected cost of a session, $")
    axes.set_xlim(left=-0.5)
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.25)
    axes.set_title("Routers on the same conversations, 95 % intervals", loc="left", fontsize=10)
    file.parent.mkdir(parents=True, exist_ok=True)
    # Without the library's version and the date: the same figures make the same bytes.
    figure.savefig(file, dpi=120, metadata={"Software": None})


def _point(axes: Axes, title: str, figures: Mapping[str, Estimate], color: str) -> None:
    (x, left, right), (y, below, above) = _around(figures[X], 100), _around(figures[Y], 1)
    axes.errorbar(
        x, y, xerr=[[left], [right]], yerr=[[below], [above]], fmt="o", color=color, capsize=2
    )
    axes.annotate(title, (x, y), xytext=(6, 6), textcoords="offset points", fontsize=9, color=color)


def _around(one: Estimate, scale: float) -> tuple[float, float, float]:
    """A value, and how far its interval reaches to both sides."""
    if one.value is None or one.low is None or one.high is None:
        raise ValueError("a figure per turn or session always has a value")
    below, above = max(one.value - one.low, 0.0), max(one.high - one.value, 0.0)
    return one.value * scale, below * scale, above * scale
