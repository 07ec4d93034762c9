"""The queue before the books."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from suites.reference_shop import shop
from suites.replies import replies

from events.reply import Reply
from ledger import writer
from ledger.book import Entry, Place, entry_of
from ledger.positions import Positions
from ledger.writer import Taken, Writer, Written
from worker.handler import Unavailable


@dataclass
class Books:
    """Entries in a list: away while `away`, refusing the turns in `bad`."""

    booked: list[Entry] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    bad: set[str] = field(default_factory=set)
    away: int = 0

    async def book(self, entries: Sequence[Entry]) -> set[tuple[str, str]]:
        await asyncio.sleep(0)
        if self.away:
            self.away -= 1
            raise Unavailable("postgres")
        if any(one.turn[1] in self.bad for one in entries):
            raise ValueError("not to be stored")
        known = {one.turn for one in self.booked}
        new = [one for one in entries if one.turn not in known]
        self.booked += new
        self.sizes.append(len(entries))
        return {one.turn for one in new}


@dataclass
class Desk:
    books: Books = field(default_factory=Books)
    told: list[Written] = field(default_factory=list)
    positions: Positions = field(default_factory=Positions)

    @asynccontextmanager
    async def writing(self, batch: int = 10) -> AsyncIterator[Writer]:
        made = Writer(self.books.book, self.told.append, self.positions, batch)
        task = asyncio.create_task(made.run())
        yield made
        task.cancel()
        await asyncio.wait((task,))


def taken(one: Reply | None, offset: int) -> Taken:
    place = Place(0, offset, 1_000)
    return Taken(place, entry_of(one, place, shop().prices) if one else None)


async def test_records_that_wait_are_booked_together() -> None:
    desk = Desk()
    async with desk.writing() as made:
        for offset, one in enumerate(replies(15)):
            await made.take(taken(one, offset))
        await made.drained()
    assert len(desk.books.booked) == 15
    assert max(desk.books.sizes) <= 10
    assert len(desk.books.sizes) < 15
    assert desk.positions.due() == {0: 15}


async def test_a_turn_that_comes_twice_is_new_once() -> None:
    desk, (one, two) = Desk(), replies(2)
    async with desk.writing() as made:
        for offset, sent in enumerate((one, two, one, one)):
            await made.take(taken(sent, offset))
        await made.drained()
        await made.take(taken(two, 4))
        await made.drained()
    assert sum(len(told.new) for told in desk.told) == 2
    assert sum(told.again for told in desk.told) == 3


async def test_nothing_may_be_committed_while_the_books_are_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writer, "FIRST_PAUSE_S", 0.001)
    desk = Desk(Books(away=3))
    async with desk.writing() as made:
        await made.take(taken(replies(1)[0], 7))
        while made.away is None:
            await asyncio.sleep(0)
        assert desk.positions.due() == {}
        await made.drained()
        assert made.away is None
    assert desk.positions.due() == {0: 8}


async def _fill(made: Writer, sent: Sequence[Reply]) -> None:
    for offset, one in enumerate(sent):
        await made.take(taken(one, offset))


async def test_no_more_is_taken_than_two_batches_while_nothing_is_booked() -> None:
    desk, sent = Desk(Books(away=1000)), replies(100)
    async with desk.writing(batch=10) as made:
        filling = asyncio.create_task(_fill(made, sent))
        await asyncio.sleep(0.05)
        assert not filling.done()
        filling.cancel()
        assert made.waiting <= 2 * 10


async def test_what_is_left_when_it_ends_may_not_be_committed() -> None:
    desk = Desk(Books(away=1000))
    async with desk.writing() as made:
        for offset, one in enumerate(replies(5)):
            await made.take(taken(one, offset))
        await asyncio.sleep(0.01)
    assert desk.positions.due() == {}


async def test_a_turn_that_cannot_be_stored_stops_no_other() -> None:
    desk, sent = Desk(), replies(9)
    desk.books.bad = {sent[4].turn_id}
    async with desk.writing() as made:
        for offset, one in enumerate(sent):
            await made.take(taken(one, offset))
        await made.drained()
    assert len(desk.books.booked) == 8
    assert sum(told.refused for told in desk.told) == 1
    assert sum(told.again for told in desk.told) == 0
    assert desk.positions.due() == {0: 9}


async def test_a_record_that_is_no_reply_is_passed_over() -> None:
    desk = Desk()
    async with desk.writing() as made:
        await made.take(taken(None, 3))
        await made.drained()
    assert desk.books.sizes == []
    assert desk.positions.due() == {0: 4}
