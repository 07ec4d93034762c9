"""A value of an evidence file as a reader sees it: in a sentence, or in a table."""

from collections.abc import Mapping, Sequence
from typing import Any

FORMATS = (
    'Formats: "%" (93.2 %), "%0" (93 %), "$" ($0.0201), "$2" ($0.02), "," (1,204), or one of '
    'Python\'s, like ".3f".'
)
MISSING = "–"
PERCENT_DIGITS, DOLLAR_DIGITS = 1, 4


class Untold(Exception):
    """The value cannot be told so; the message says why."""


def told(value: Any, form: str = "") -> str:
    """A value in a format. Two numbers are an interval. Raises Untold."""
    if value is None:
        return MISSING
    if isinstance(value, list) and len(value) == 2:
        return f"{told(value[0], form)} to {told(value[1], form)}"
    if isinstance(value, Mapping | list):
        raise Untold("is an object or a list: name one value in it")
    if not form or isinstance(value, str | bool):
        return str(value)
    try:
        return _number(float(value), form)
    except ValueError as error:
        raise Untold(f"cannot be told as {form!r} ({error}). {FORMATS}") from error


def table(value: Any) -> str:
    """A Markdown table of `{"columns": […], "rows": […]}`.

    A column is a title, or an object with `title` and `format`, for cells that are no texts. Rows
    are lists as long as the columns. Raises Untold.
    """
    if not isinstance(value, Mapping) or not {"columns", "rows"} <= value.keys():
        raise Untold('is no table: a table has "columns" and "rows"')
    columns = [_column(one) for one in value["columns"]]
    if any(not isinstance(row, list) or len(row) != len(columns) for row in value["rows"]):
        raise Untold("has a row that is not as long as its columns")
    numbers = [_is_number(value["rows"], at) for at in range(len(columns))]
    lines = [
        _line([title for title, _ in columns]),
        "|" + "|".join("---:" if number else "---" for number in numbers) + "|",
    ]
    forms = [form for _, form in columns]
    rows = ([told(*cell) for cell in zip(row, forms, strict=True)] for row in value["rows"])
    return "\n".join([*lines, *map(_line, rows)])


def _number(value: float, form: str) -> str:
    sign = "-" if value < 0 else ""
    if form.startswith("%"):
        return f"{value * 100:.{int(form[1:] or PERCENT_DIGITS)}f} %"
    if form.startswith("$"):
        return f"{sign}${abs(value):,.{int(form[1:] or DOLLAR_DIGITS)}f}"
    return format(int(value) if form == "," and value.is_integer() else value, form)


def _column(one: Any) -> tuple[str, str]:
    if isinstance(one, Mapping):
        return str(one.get("title", "")), str(one.get("format", ""))
    return str(one), ""


def _is_number(rows: Sequence[Sequence[Any]], at: int) -> bool:
    """Whether a column is set right: no text in it, but something."""
    cells = [row[at] for row in rows if row[at] is not None]
    return bool(cells) and not any(isinstance(cell, str | bool) for cell in cells)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
