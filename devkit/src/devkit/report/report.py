"""A comparison as data: for evidence, for `--json`, for the table."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from devkit.evidence.told import told
from devkit.report.bootstrap import Compared, Estimate
from devkit.report.comparison import OURS, TITLES
from devkit.report.figure import FIGURES, Figure
from devkit.report.quota import Quota

MAIN = tuple(figure for figure in FIGURES if figure.main)


@dataclass(frozen=True)
class Report:
    """Figures by router, and what they were made of."""

    compared: Mapping[str, Compared]
    quota: Quota
    assumptions: tuple[str, ...]
    about: Mapping[str, Any]

    @property
    def figures(self) -> dict[str, Any]:
        """Everything, as nested objects: `routers.<name>.<figure>` with value, low, high."""
        return {
            **self.about,
            "routers": {name: _plain(one.figures) for name, one in self.compared.items()},
            "differences": {
                name: _plain(one.differences) for name, one in self.compared.items() if name != OURS
            },
            "big_model": self.quota.figures,
            "table": table(self.compared, differences=False),
            "difference_table": table(self.compared, differences=True),
            "assumptions": list(self.assumptions),
        }


def table(compared: Mapping[str, Compared], *, differences: bool) -> dict[str, Any]:
    """A row for each router, a column for each main figure, with its interval."""
    rows = [
        [TITLES[name], *_cells(one.differences if differences else one.figures)]
        for name, one in compared.items()
        if not (differences and name == OURS)
    ]
    return {"columns": ["", *(figure.title for figure in MAIN)], "rows": rows}


def _cells(figures: Mapping[str, Estimate]) -> list[str]:
    return [cell(figures[figure.name], figure) for figure in MAIN]


def cell(one: Estimate, figure: Figure) -> str:
    """A value and its interval: "1.2 % (0.8 to 1.9)"."""
    if one.value is None:
        return told(None)
    low, high = (told(side, figure.form).removesuffix(" %") for side in (one.low, one.high))
    return f"{told(one.value, figure.form)} ({low} to {high})"


def _plain(figures: Mapping[str, Estimate]) -> dict[str, Any]:
    return {name: asdict(one) for name, one in figures.items()}
