"""Reads a shop's own feed: one series a line, checked row by row, with price and stock if given."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from playbook.series import Series
from rag.books.stock import Copy
from rag.seed import SeedStock

STOCK_FIELDS = ("price_cents", "stock", "out_of_stock", "due")


@dataclass(frozen=True)
class BadRow:
    """A row that was left out: its line, the field, what to do."""

    line: int
    field: str
    remedy: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.field}: {self.remedy}"


class _Wrong(ValueError):
    """A row that cannot be read, by field and remedy."""

    def __init__(self, field: str, remedy: str) -> None:
        super().__init__(remedy)
        self.field = field
        self.remedy = remedy


@dataclass
class Feed:
    """What a file holds: the good rows, their stock, and the rows left out."""

    series: dict[str, Series] = field(default_factory=dict)
    stock: list[tuple[str, Copy]] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)


def read_feed(file: Path, today: date) -> Feed:
    """Every row of a JSON Lines file. Dates of `due` count from `today`.

    A row may carry `price_cents` and `stock` (`true`, `false`, "1-12, 14" or [1, 2]), with
    `out_of_stock` and `due` as in the playbook's seed. Raises OSError, UnicodeDecodeError.
    """
    feed = Feed()
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            _take(feed, _object(line), today)
        except _Wrong as wrong:
            feed.bad.append(BadRow(number, wrong.field, wrong.remedy))
    return feed


def _take(feed: Feed, raw: Mapping[str, Any], today: date) -> None:
    series = _series(raw)
    if series.id in feed.series:
        raise _Wrong("id", f"{series.id!r} stands on an earlier line; remove one of the two")
    copies = list(_copies(raw, series, today))
    feed.series[series.id] = series
    feed.stock += [(series.id, copy) for copy in copies]


def _object(line: str) -> Mapping[str, Any]:
    try:
        raw = json.loads(line)
    except json.JSONDecodeError as error:
        remedy = f"is no JSON ({error.msg} at character {error.colno}); correct it"
        raise _Wrong("row", remedy) from error
    if not isinstance(raw, dict):
        raise _Wrong("row", "is no JSON object; write one series as {…} on each line")
    return raw


def _series(raw: Mapping[str, Any]) -> Series:
    try:
        return Series.model_validate(raw)
    except (ValidationError, TypeError, AttributeError) as error:
        raise _wrong(error) from error


def _copies(raw: Mapping[str, Any], series: Series, today: date) -> Iterator[Copy]:
    """The rows of its stock; none where the feed says nothing of price and stock."""
    given = {name: raw[name] for name in STOCK_FIELDS if raw.get(name) is not None}
    if not given:
        return iter(())
    for name in ("price_cents", "stock"):
        if name not in given:
            raise _Wrong(name, "is missing; price_cents and stock are given together")
    volumes, missing = _sold(given["stock"], series)
    try:
        stock = SeedStock(
            series=series.id,
            price_cents=given["price_cents"],
            volumes=volumes,
            out_of_stock=(*missing, *given.get("out_of_stock", ())),
            due=given.get("due", {}),
        )
    except (ValidationError, TypeError) as error:
        raise _wrong(error) from error
    return stock.copies(today)


def _sold(given: Any, series: Series) -> tuple[Any, tuple[int, ...]]:
    """The volumes on sale, and which of them are missing; `true` and `false` mean all volumes."""
    if not isinstance(given, bool):
        return given, ()
    if series.volumes is None:
        raise _Wrong("stock", 'says all volumes, and volumes is missing; write them: "1-12"')
    every = tuple(range(1, series.volumes + 1))
    return every, () if given else every


def _wrong(error: Exception) -> _Wrong:
    """The first thing that is wrong with a row, and what to do about it."""
    if not isinstance(error, ValidationError):
        return _Wrong("row", f"has a field of the wrong kind ({error}); correct it")
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "row"
    place = "stock" if place.startswith("volumes.") else place
    missing = first["type"] == "missing"
    return _Wrong(place, "is missing; add it" if missing else f"{first['msg']}; correct it")
