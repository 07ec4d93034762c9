"""How a learning curve is told: as a table of a page, and as a picture."""

from pathlib import Path

import pytest
from suites.teaching import needs_training

from devkit.evidence.told import table

pytestmark = needs_training


def test_a_curve_is_a_table_and_a_picture(tmp_path: Path) -> None:
    from devkit.training.curve import Point
    from devkit.training.curve_plot import plot
    from devkit.training.curving import paged

    cover = {"0.80": 0.5, "0.90": 0.4, "0.95": 0.25}
    few = Point(8, 100, 8, 0.7, 0.9, cover, 0.0, None, ("billing", "returns"))
    many = Point(100, 900, 61, 0.9, 0.95, cover, 0.3, 0.98, ())
    lines = table(paged([few, many])).splitlines()
    assert lines[2] == "| 8 | 70.0 % | 50.0 % | 40.0 % | 25.0 % | 0.0 % | – | 0.900 | 2 |"
    assert lines[3].endswith("| 30.0 % | 98.0 % | 0.950 | 0 |")
    plot([few, many], {"rows": 40, "out_of_scope": 18}, tmp_path / "plots" / "curve.png")
    assert (tmp_path / "plots" / "curve.png").read_bytes().startswith(b"\x89PNG")


def test_a_training_set_without_enough_rows_says_what_to_do() -> None:
    from devkit.training.corpus import Row
    from devkit.training.error import CorpusError
    from devkit.training.rows import Rows

    rows = [Row(text=f"{label} {number}", label=label) for label in "ab" for number in range(2)]
    with pytest.raises(CorpusError, match="a, b: at least 3 are needed"):
        Rows.of(rows, "out_of_scope").check(folds=3)
