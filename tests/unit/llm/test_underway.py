"""Turns move from worker to worker while models write: who waits for whom, and what is cut.

The loop has a time of its own (`conftest.py`): seconds are those that the tier waits.
"""

import asyncio
import gc
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from suites.claim_book import Held, ListedClaims, Scripted, says
from suites.model_desk import PLAIN, Passed, Place, asked, models

from events.reply import Reply
from events.turn import Turn
from llm import underway
from llm.models.failure import CallFailed, Kind
from llm.models.model import Model
from llm.underway import Underway
from llm.writing import Check
from playbook.use_case import Size
from worker.handler import Unavailable

TEXT = "Try Mushishi. It is calm."
LIVES = "I live at 5 Main St"
SPENT = CallFailed(Kind.SPENT, "a test", None)


def writes(pause_s: float = 0.4) -> Scripted:
    """A model that takes its time in the middle of a word."""
    return Scripted([["Try Mush", pause_s, "ishi. It is calm."]])


def alone() -> dict[Size, Model]:
    """Models of one place each: one turn is written, two wait."""
    return models(concurrency=1)


async def revoked(*working: "asyncio.Task[Reply]") -> None:
    """Cancelled as a rebalance does, all at once."""
    await asyncio.sleep(0.02)
    for task in working:
        task.cancel()
    ends = await asyncio.gather(*working, return_exceptions=True)
    assert all(isinstance(end, asyncio.CancelledError) for end in ends)


def asking(place: Place, *turns: Turn) -> "list[asyncio.Task[Reply]]":
    return [asyncio.create_task(place.reply(one)) for one in turns]


def others(count: int, name: str = "other") -> list[Turn]:
    return [asked(session=f"s-{name}-{number}") for number in range(count)]


# -- the next owner


async def no_breaker(place: Place) -> None:
    model = place.kit.models[Size.BIG]
    model.permit(model.worst("x")[0]).failed(SPENT)


async def no_quota(place: Place) -> None:
    model = place.kit.models[Size.BIG]
    for _ in range(model.spec.requests_per_minute):
        model.permit(model.worst("x")[0])


async def no_place(place: Place) -> None:
    asking(place, *others(3))
    await asyncio.sleep(0.01)


@pytest.mark.parametrize("closed", [no_breaker, no_quota, no_place])
async def test_an_owner_without_a_model_waits_for_the_answer_that_is_being_written(
    closed: Callable[[Place], Awaitable[None]],
) -> None:
    one, before = asked(), Place(writes())
    await revoked(*asking(before, one))
    known = models(requests_per_minute=1) if closed is no_quota else alone()
    after = Place(writes(5.0), before.rows, known=known)
    await closed(after)
    reply = await after.reply(one)
    assert (reply.text, reply.degraded, reply.epoch) == (TEXT, (), 1)
    assert len(before.rows.calls) == 1 + (closed is no_place)


async def test_who_waits_for_another_owners_answer_takes_nobodys_place_in_the_queue() -> None:
    one, before = asked(), Place(writes())
    await revoked(*asking(before, one))
    after = Place(writes(), before.rows, known=alone())
    first, *queue = asking(after, *others(1))
    await asyncio.sleep(0.01)
    told, *rest = asking(after, one, *others(2, "more"))
    replies = await asyncio.gather(first, *queue, told, *rest)
    assert [reply.degraded for reply in replies] == [()] * 4


async def test_two_full_workers_that_swap_their_turns_answer_them_all() -> None:
    rows = ListedClaims()
    left, right = (Place(writes(0.15), rows, known=alone()) for _ in range(2))
    ours, theirs = others(3, "left"), others(3, "right")
    await revoked(*asking(left, *ours), *asking(right, *theirs))
    replies = await asyncio.gather(*asking(left, *theirs), *asking(right, *ours))
    assert [reply.degraded for reply in replies] == [()] * 6
    assert rows.bills() == [("billed", None)] * 6


async def test_our_own_claim_of_work_that_broke_off_is_not_waited_for() -> None:
    one, place = asked(), Place(says("Not asked."))
    place.rows.claims[one.session_id, one.turn_id] = Held(1, place.owner)
    await no_breaker(place)
    async with asyncio.timeout(1):
        assert (await place.reply(one)).text == PLAIN


# -- what only waits


async def test_a_revoke_cuts_what_only_waits_for_a_place_and_frees_the_queue() -> None:
    place = Place(writes(), known=alone())
    await revoked(*asking(place, *others(3)))
    assert len(place.provider.asked) == 1
    replies = await asyncio.gather(*asking(place, *others(2, "new")))
    assert [reply.degraded for reply in replies] == [()] * 2
    await asyncio.sleep(5)
    assert len(place.provider.asked) == 3, "nothing is called for turns that are others' now"


async def test_a_turn_that_comes_back_while_it_is_cut_is_answered() -> None:
    place = Place(writes(), known=alone())
    first, waiting = asking(place, *others(1), one := asked())
    await asyncio.sleep(0.02)
    waiting.cancel()
    (again,) = asking(place, one)
    assert (await again).degraded == ()
    assert (await first).degraded == ()
    assert place.rows.bills() == [("billed", None)] * 2


# -- what is told of it


async def test_a_bug_after_the_revoke_is_told_once_and_without_the_customers_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def check(_: Turn) -> Check:
        def broken(piece: str) -> Passed:
            raise ValueError(LIVES)

        return broken

    place, one = Place(Scripted([[0.2, "It is calm."]]), check=check), asked()
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            await revoked(*asking(place, one))
        await asyncio.sleep(1)
    told = [entry for entry in caplog.records if entry.levelno == logging.ERROR]
    assert len(told) == 1
    assert "ValueError in test_underway.py" in caplog.text
    assert LIVES not in caplog.text


async def test_what_fails_as_it_is_cut_at_its_deadline_is_heard() -> None:
    async def work() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise Unavailable("postgres") from None

    unheard: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: unheard.append(context))
    begun = Underway().begin(asked(), work())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1) as deadline:
            await begun.outcome(deadline.when() or 0.0)
    await asyncio.sleep(0.01)
    del begun
    gc.collect()
    await asyncio.sleep(0.01)
    assert not unheard


# -- the end of the process


async def test_at_the_end_what_is_under_way_is_finished_within_the_rest_of_the_drain() -> None:
    place, one = Place(writes()), asked()
    await revoked(*asking(place, one))
    started = asyncio.get_running_loop().time()
    await place.underway.finish(5.0)
    assert asyncio.get_running_loop().time() - started == pytest.approx(0.4, abs=0.05)
    assert place.rows.bills() == [("billed", None)]
    await place.underway.finish(5.0)
    assert asyncio.get_running_loop().time() - started == pytest.approx(0.4, abs=0.05)


@pytest.mark.parametrize("rest_s", [0.0, 0.1])
async def test_at_the_end_nothing_is_waited_for_longer_than_that(rest_s: float) -> None:
    place, one = Place(writes(60.0)), asked()
    await revoked(*asking(place, one))
    started = asyncio.get_running_loop().time()
    await place.underway.finish(rest_s)
    await place.underway.end()
    await place.chores.end()
    assert asyncio.get_running_loop().time() - started == pytest.approx(rest_s, abs=0.02)
    assert place.rows.bills() == [("unknown", "CancelledError")]


async def test_work_that_does_not_let_itself_be_cut_does_not_hold_the_end() -> None:
    async def work() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            await asyncio.sleep(60)

    all_work = Underway()
    all_work.begin(asked(), work())
    await asyncio.sleep(0.01)
    started = asyncio.get_running_loop().time()
    await all_work.end()
    assert asyncio.get_running_loop().time() - started == pytest.approx(underway.CUT_S)
