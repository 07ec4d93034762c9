"""Loads the playbook's stock into the shop's table, as its owner."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from playbook.source import Entry, read_model
from rag.books.stock import Copy
from rag.repository import write_stock

RANGE = re.compile(r"(\d{1,3})(?:-(\d{1,3}))?")


def _numbers(given: object) -> object:
    """[1, 2, 3, 7] of "1-3, 7". Raises ValueError for anything else that is written."""
    if not isinstance(given, str):
        return given
    found: list[int] = []
    for part in given.split(","):
        span = RANGE.fullmatch(part.strip())
        if span is None:
            raise ValueError(f"{part.strip()!r} is no volume and no range like 1-29")
        found += range(int(span[1]), int(span[2] or span[1]) + 1)
    return found


Volumes = Annotated[
    tuple[Annotated[int, Field(ge=1, le=999)], ...], BeforeValidator(_numbers), Field(min_length=1)
]


class SeedStock(Entry):
    """One series: its price, its volumes, and which of them are missing. `due` counts days from
    today."""

    series: str = Field(min_length=1)
    price_cents: int = Field(ge=0)
    volumes: Volumes
    out_of_stock: tuple[int, ...] = ()
    due: dict[int, int] = Field(default_factory=dict)

    def copies(self, today: date) -> Iterator[Copy]:
        """Its rows."""
        for volume in self.volumes:
            days = self.due.get(volume)
            yield Copy(
                volume=volume,
                price_cents=self.price_cents,
                available=volume not in self.out_of_stock,
                due_on=None if days is None else today + timedelta(days=days),
            )


class Seed(Entry):
    """stock.yaml."""

    stock: tuple[SeedStock, ...]


def read_seed(path: Path) -> Seed:
    """The stock in a file. Raises PlaybookError."""
    return read_model(path, Seed)


async def load(dsn: str, path: Path) -> int:
    """Write the stock of a file; returns how many volumes there are. `dsn` is the owner's.

    Loading again moves the dates to today. Raises PlaybookError, and asyncpg's errors.
    """
    today = datetime.now(UTC).date()
    seed = read_seed(path)
    rows = [(one.series, copy) for one in seed.stock for copy in one.copies(today)]
    return await write_stock(dsn, rows)
