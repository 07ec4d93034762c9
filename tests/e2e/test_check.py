"""A short run of the checker on the real system: the books balance under faults."""

import re
from io import StringIO

import pytest
from rich.console import Console

from devkit.check.books import Books, balance
from devkit.check.fault.registry import chosen
from devkit.check.harvest import harvest
from devkit.check.load import Options, run_load
from devkit.check.mix import STORY
from devkit.project import Project

pytestmark = pytest.mark.timeout(240)

TIME = re.compile(r"\b\d+ ms\b")


def broken(books: Books) -> dict[str, list[str]]:
    """What does not balance. How soon things happen is left to `make check-run`: here another
    whole system runs on the same cores."""
    offenders = {b.name: [one for one in b.offenders if not TIME.search(one)] for b in books.books}
    return {name: found for name, found in offenders.items() if found and name != "recovery"}


async def test_the_books_balance_with_poison_and_repeated_turns() -> None:
    options = Options(sessions=100, rate=40, seconds=20, seed=11, replicas=1)
    console = Console(file=StringIO())
    papers, _ = await run_load(Project.find(), options, chosen([18, 19]), console)
    books = balance(papers)
    assert broken(books) == {}
    assert books.figures["turns acked"] > 800
    assert books.figures["dead letters"] >= 20
    assert books.figures["raw duplicates"] >= 4
    assert [one.plant.name for one in harvest(papers) if not one.found] == []


async def test_the_books_balance_when_workers_are_killed() -> None:
    options = Options(sessions=100, rate=40, seconds=26, seed=12, replicas=2)
    console = Console(file=StringIO())
    papers, _ = await run_load(Project.find(), options, chosen([1]), console)
    books = balance(papers)
    assert broken(books) == {}
    assert books.figures["turns acked"] >= 1_000


async def test_the_books_balance_when_a_models_worker_is_killed_while_it_writes() -> None:
    options = Options(sessions=60, rate=6, seconds=31, seed=13, replicas=2, mix=STORY)
    console = Console(file=StringIO())
    papers, _ = await run_load(Project.find(), options, chosen([2]), console)
    books = balance(papers)
    assert broken(books) == {}
    figures = books.figures
    assert figures["turns of several epochs"] >= 1
    assert figures["calls cut"] >= 1
    assert figures["dollars in the ledger"] == figures["dollars billed by the provider"] > 0
    assert figures["returns opened"] >= 1
    assert figures["hand-off packets"] >= 1
