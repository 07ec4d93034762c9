"""The worker's sign of life, and what is written to the books after a turn has gone."""

import asyncio
import logging
from uuid import UUID

import pytest
from suites.waiting import until

from llm.minding import Ended, minded
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
        await until(lambda: len(owners.renewed) >= 3)
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
    await until(lambda: owners.renewed)


async def test_at_the_end_chores_get_their_time_and_no_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    kept = Chores()
    kept.begin(lambda: Owners(away=10**9).renew(UUID(int=1)))
    kept.begin(lambda: asyncio.sleep(60))
    async with asyncio.timeout(10):
        await kept.end()
    assert "left to be reconciled" in caplog.text


class Broken(Owners):
    """Fails with what is no sign of Postgres being away, for the first `times`."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    async def renew(self, owner: UUID) -> None:
        self.times -= 1
        if self.times >= 0:
            raise ZeroDivisionError
        await super().renew(owner)


async def test_a_lease_is_renewed_after_any_error() -> None:
    owners = Broken(times=2)
    async with held(owners):
        await until(lambda: len(owners.renewed) >= 2)


async def test_a_worker_ends_whose_lease_has_run_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "LOST_AFTER_S", 0.05)
    with pytest.raises(Ended) as ended:
        async with asyncio.timeout(10), held(Broken(times=10**9)):
            await asyncio.sleep(60)
    assert isinstance(ended.value.__cause__, ZeroDivisionError)


async def test_a_worker_goes_on_while_postgres_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "LOST_AFTER_S", 0.02)
    owners = Owners(away=10)
    async with held(owners):
        await until(lambda: owners.renewed)


async def test_a_chore_is_done_after_any_error() -> None:
    owners, kept = Broken(times=2), Chores()
    kept.begin(lambda: owners.renew(UUID(int=1)))
    await until(lambda: owners.renewed)


async def test_a_task_that_ends_by_itself_ends_its_block(caplog: pytest.LogCaptureFixture) -> None:
    async def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(Ended), caplog.at_level(logging.ERROR):
        async with minded("the work", broken()):
            await asyncio.sleep(60)
    assert "the work has ended by itself" in caplog.text
    await asyncio.sleep(0)


async def test_a_cancelled_block_stays_cancelled() -> None:
    async def work() -> None:
        await asyncio.sleep(60)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01), minded("the work", work()):
            await asyncio.sleep(60)
