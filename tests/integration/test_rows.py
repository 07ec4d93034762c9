"""The turn row on a real Postgres, as the role of a service."""

import asyncio
import uuid
from collections.abc import AsyncIterator

import asyncpg
import pytest
from suites.people import route, routed, said, turn

from devkit.stack.stack import Stack
from events.context import Context
from worker.handler import Unavailable
from worker.row import State, stored_route
from worker.rows import OPEN, PostgresRows, open_rows


@pytest.fixture
async def rows(infra: Stack) -> AsyncIterator[PostgresRows]:
    async with open_rows(infra.dsn("classifier"), "test") as opened:
        yield opened


def new_session() -> str:
    return f"rows-{uuid.uuid4().hex[:12]}"


async def test_a_decision_is_read_back_as_it_was_routed(rows: PostgresRows) -> None:
    asked = routed("hi", session=new_session())
    assert await rows.decide(asked)
    opening = await rows.open(asked)
    assert opening.own is not None
    assert opening.own.state == State.ROUTED
    assert stored_route(asked, opening.own.decision or "") == asked


async def test_the_first_decision_stands(rows: PostgresRows) -> None:
    asked = routed("hi", session=new_session())
    assert await rows.decide(asked)
    assert not await rows.decide(asked)


async def test_the_first_reply_stands_and_its_context_is_the_next_turns(rows: PostgresRows) -> None:
    asked = routed("hi", session=new_session())
    await rows.decide(asked)
    first = asked.reply("one", leaves=Context(entities={"order_id": "ABC123"}))
    assert (await rows.finish(asked, first)).text == "one"
    assert (await rows.finish(asked, asked.reply("two"))).text == "one"
    following = said("and?", session=asked.session_id)
    opening = await rows.open(following)
    assert opening.context.entities == {"order_id": "ABC123"}
    assert not opening.ready_for(None)
    await rows.published([(asked.session_id, asked.turn_id)])
    assert (await rows.open(following)).ready_for(None)


async def test_a_reply_without_a_decision_is_stored_too(rows: PostgresRows) -> None:
    asked = routed("hi", session=new_session())
    await rows.finish(asked, asked.reply("one"))
    opening = await rows.open(asked)
    assert opening.own is not None
    assert opening.own.reply is not None


async def test_many_at_once_keep_their_own_answers(rows: PostgresRows) -> None:
    turns = [routed(f"text {n}", session=new_session()) for n in range(100)]
    assert all(await asyncio.gather(*map(rows.decide, turns)))
    replies = await asyncio.gather(*(rows.finish(t, t.reply(t.text)) for t in turns))
    assert [reply.text for reply in replies] == [f"text {n}" for n in range(100)]
    openings = await asyncio.gather(*map(rows.open, turns))
    assert [o.own.turn_id for o in openings if o.own] == [t.turn_id for t in turns]


async def test_sessions_do_not_see_each_other(rows: PostgresRows) -> None:
    one, other = routed("hi", session=new_session()), turn("hi", session=new_session())
    await rows.decide(one)
    assert not (await rows.open(other)).others


async def test_a_turn_that_routes_later_has_its_row(rows: PostgresRows) -> None:
    asked = turn("hi", session=new_session(), no=7)
    await rows.decide(asked.routed(route(asked)))
    opening = await rows.open(said("x", session=asked.session_id))
    assert opening.newest_no == 7


async def test_postgres_away_is_said_and_it_recovers(infra: Stack, rows: PostgresRows) -> None:
    asked = routed("hi", session=new_session())
    await rows.decide(asked)
    await infra.postgres.stop()
    try:
        for _ in range(3):
            with pytest.raises(Unavailable):
                await rows.open(asked)
    finally:
        await infra.postgres.start()
    async with asyncio.timeout(15):
        while True:
            try:
                assert (await rows.open(asked)).own is not None
                break
            except Unavailable:
                await asyncio.sleep(0.1)


async def test_an_open_turn_is_seen_behind_many_later_ones(rows: PostgresRows) -> None:
    session = new_session()
    await rows.decide(routed("slow", session=session, no=1))
    for number in range(2, 12):
        asked = routed("quick", session=session, no=number)
        await rows.decide(asked)
        await rows.finish(asked, asked.reply("done"))
        await rows.published([(asked.session_id, asked.turn_id)])
    opening = await rows.open(said("next", session=session, no=12))
    assert opening.ready_for(12)
    assert opening.overtakes(12)


async def test_the_context_stands_behind_any_number_of_turns_without_one(
    rows: PostgresRows,
) -> None:
    session = new_session()
    first = turn("one", session=session, no=1)
    await rows.finish(first, first.reply("one", leaves=Context(entities={"order_id": "ABC123"})))
    for number in range(2, 9):
        refused = turn("more", session=session, no=number)
        await rows.finish(refused, refused.reply("slow down").public())
    await rows.decide(routed("open", session=session, no=9))
    opening = await rows.open(said("next", session=session, no=10))
    assert opening.context.entities == {"order_id": "ABC123"}
    assert opening.newest_no == 9


async def test_a_turn_without_a_number_that_leaves_a_context_is_the_newest(
    rows: PostgresRows,
) -> None:
    session = new_session()
    for number, series in ((5, "old"), (None, "new")):
        spoken = turn("hi", session=session, no=5).model_copy(update={"turn_no": number})
        await rows.decide(spoken.routed(route(spoken)))
        await rows.finish(spoken, spoken.reply("ok", leaves=Context(entities={"series": series})))
    opening = await rows.open(said("next", session=session))
    assert (opening.newest_no, opening.context.entities) == (6, {"series": "new"})


async def test_a_session_is_opened_by_index_alone(infra: Stack) -> None:
    connection = await asyncpg.connect(infra.dsn("classifier"))
    try:
        await connection.execute("SET enable_seqscan = off")
        plan = await connection.fetch("EXPLAIN " + OPEN, ["s-1"], ["t-1"])
    finally:
        await connection.close()
    told = "\n".join(line[0] for line in plan)
    assert told.count("turn_newest") == 3
    assert "Seq Scan on turn" not in told
