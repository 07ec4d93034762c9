"""A short run of the checker on the real system: the books balance under faults."""

from io import StringIO

import pytest
from rich.console import Console

from devkit.check.books import balance
from devkit.check.fault.registry import chosen
from devkit.check.harvest import harvest
from devkit.check.load import Options, run_load
from devkit.project import Project

pytestmark = pytest.mark.timeout(240)


async def test_the_books_balance_with_poison_and_repeated_turns() -> None:
    options = Options(sessions=100, rate=40, seconds=20, seed=11, replicas=1)
    console = Console(file=StringIO())
    papers, _ = await run_load(Project.find(), options, chosen([18, 19]), console)
    books = balance(papers)
    assert {b.name: b.offenders for b in books.books if not b.balanced} == {}
    assert books.figures["turns acked"] > 800
    assert books.figures["dead letters"] >= 20
    assert books.figures["raw duplicates"] >= 4
    assert [one.plant.name for one in harvest(papers) if not one.found] == []


async def test_the_books_balance_when_workers_are_killed() -> None:
    options = Options(sessions=100, rate=40, seconds=26, seed=12, replicas=2)
    console = Console(file=StringIO())
    papers, _ = await run_load(Project.find(), options, chosen([1]), console)
    books = balance(papers)
    assert {b.name: b.offenders for b in books.books if not b.balanced} == {}
    assert books.figures["turns acked"] >= 1_000
