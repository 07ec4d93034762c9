"""The worker's sign of life, and what is written to the books after a turn has gone."""

import asyncio
import logging
from uuid import UUID

import pytest

from llm.minding import minded
from llm.money import chores, lease
from llm.money.chores import Chores
from llm.money.lease import held
from worker.handler import Unavailable


class Owners:
    """Counts; Postgres is away for the first `away` renewals."""

    def __init__(self, away: int = 0) -> None:
        self.away = away
        self.renewed: list[UUID] = []
        self.left: list[UUID] = []

    async def renew(self, owner: UUID) -> None:
        self.away -= 1
        if self.away >= 0:
            raise Unavailable("postgres")
        self.renewed.append(owner)

    async def leave(self, owner: UUID) -> None:
        self.left.append(owner)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEW_EVERY_S", 0.01)
    monkeypatch.setattr(chores, "AGAIN_S", 0.01)
    monkeypatch.setattr(chores, "LAST_S", 0.05)


async def test_a_lease_is_renewed_though_postgres_was_away_and_left_at_the_end() -> None:
    owners = Owners(away=2)
    async with held(owners) as owner:
        async with asyncio.timeout(2):
            while len(owners.renewed) < 3:
                await asyncio.sleep(0.01)
        assert not owners.left
    assert set(owners.renewed) == {owner} == set(owners.left)
    before = len(owners.renewed)
    await asyncio.sleep(0.05)
    assert len(owners.renewed) == before


async def test_two_workers_are_two_owners() -> None:
    async with held(Owners()) as one, held(Owners()) as other:
        assert one != other


async def test_a_chore_is_done_though_postgres_was_away_and_its_turn_is_gone() -> None:
    owners, kept = Owners(away=2), Chores()

    async def turn() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            kept.begin(lambda: owners.renew(UUID(int=1)))

    gone = asyncio.create_task(turn())
    await asyncio.sleep(0)
    gone.cancel()
    async with asyncio.timeout(2):
        while not owners.renewed:
            await asyncio.sleep(0.01)


async def test_at_the_end_chores_get_their_time_and_no_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    kept = Chores()
    kept.begin(lambda: Owners(away=10**9).renew(UUID(int=1)))
    kept.begin(lambda: asyncio.sleep(60))
    async with asyncio.timeout(1):
        await kept.end()
    assert "left to be reconciled" in caplog.text


async def test_a_task_that_ends_by_itself_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    async def broken() -> None:
        raise ZeroDivisionError

    with caplog.at_level(logging.ERROR):
        async with minded("the work", broken()):
            await asyncio.sleep(0.01)
    assert "the work has ended by itself" in caplog.text
