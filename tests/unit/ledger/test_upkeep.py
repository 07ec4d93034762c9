"""The ledger's upkeep beside its reading: it goes on after an error, and is missed when it ends."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import cast

import pytest
from suites.books import until
from suites.reference_shop import PLAYBOOK

from ledger import serve
from ledger.beside import beside
from ledger.book import Entry
from ledger.metrics import Metrics
from ledger.repository import Released, Repository
from ledger.serve import Ledger
from ledger.settings import Settings


class Books:
    """Every second look at the calls fails, as with a figure that a column cannot hold."""

    def __init__(self) -> None:
        self.looks = 0

    async def book(self, _: Sequence[Entry]) -> set[tuple[str, str]]:
        raise AssertionError("nothing is read here")

    async def adjust(self, _: timedelta) -> int:
        self.looks += 1
        if self.looks % 2 == 0:
            raise ArithmeticError("numeric field overflow")
        return 1

    async def release(self, older: timedelta) -> Released:
        assert older == timedelta(minutes=15)
        await self.adjust(older)
        return Released(2, Decimal("0.0584"))


def ledger(books: Books, metrics: Metrics | None = None) -> Ledger:
    settings = Settings(playbook=PLAYBOOK, adjust_s=0.01)
    return Ledger(settings, cast(Repository, books), metrics or Metrics())


async def test_an_error_is_logged_and_the_next_look_follows(
    caplog: pytest.LogCaptureFixture,
) -> None:
    books = Books()
    async with beside("adjusting", ledger(books).adjust()) as wrong:
        await until(lambda: _looked(books, 5))
        assert wrong() is None
    assert "numeric field overflow" in caplog.text
    assert {record.levelno for record in caplog.records} == {logging.ERROR}


async def _looked(books: Books, times: int) -> bool:
    return books.looks >= times


async def test_holds_are_released_counted_and_told(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "RELEASE_S", 0.01)
    books, metrics = Books(), Metrics()
    async with beside("releasing", ledger(books, metrics).release()):
        await until(lambda: _looked(books, 3))
    assert "2 calls have no bill after 0:15:00: 0.0584 USD" in caplog.text
    assert "holds cannot be released" in caplog.text
    calls = 2.0 * ((books.looks + 1) // 2)
    assert f"tierwise_ledger_released_total {calls}" in metrics.text().decode()


async def test_upkeep_that_ends_is_told_by_the_check(caplog: pytest.LogCaptureFixture) -> None:
    async def broken() -> None:
        raise RuntimeError("a bug")

    async with beside("adjusting", broken()) as wrong:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert wrong() == "adjusting has ended by itself"
    assert "a bug" in caplog.text
