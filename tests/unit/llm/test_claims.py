"""A turn that comes again is not paid for again and again."""

from uuid import uuid4

import pytest
from suites.claim_book import Held, ListedClaims, Scripted
from suites.model_desk import PLAIN, asked, kit, replied
from suites.waiting import until

from events.reply import Reply
from events.turn import Turn
from llm.models.failure import CallFailed, Kind
from llm.money import chores
from llm.money.call import Ending
from llm.money.chores import Chores
from llm.money.claims import Claims
from worker.handler import Unavailable

CUT = CallFailed(Kind.CUT, "a test", None)


class Worker:
    """A desk whose model plays `scripts`, with claims of its own."""

    def __init__(self, rows: ListedClaims, *scripts: list[str | float | Exception]) -> None:
        self.provider = Scripted(list(scripts))
        self.chores = Chores()
        self.kit = kit(Claims(rows, uuid4(), self.chores), self.provider)

    async def reply(self, one: Turn) -> Reply:
        return await replied(self.kit, one)


async def test_a_turn_that_comes_again_and_again_is_tried_three_times() -> None:
    rows, one = ListedClaims(), asked()
    worker = Worker(rows, ["It is calm. And", CUT])
    replies = [await worker.reply(one) for _ in range(5)]
    assert len(worker.provider.asked) == 3
    assert [reply.degraded for reply in replies[3:]] == [("claim",)] * 2
    assert {reply.text for reply in replies} == {PLAIN}
    assert rows.bills() == [("unknown", "cut")] * 3


@pytest.mark.parametrize("held", [None, Held(1, uuid4(), "failed"), Held(1, uuid4())])
async def test_a_turn_that_has_a_reply_is_not_paid_for(held: Held | None) -> None:
    rows, one = ListedClaims(), asked()
    rows.answered.add((one.session_id, one.turn_id))
    if held is not None:
        rows.claims[one.session_id, one.turn_id] = held
    worker = Worker(rows, ["It is calm."])
    reply = await worker.reply(one)
    assert (reply.text, reply.degraded) == (PLAIN, ("claim",))
    assert not worker.provider.asked


class LateEnds(ListedClaims):
    """Claims that cannot be ended for a while."""

    late = True

    async def end(self, ending: Ending) -> bool:
        if self.late:
            raise Unavailable("postgres")
        return await super().end(ending)


async def test_a_reply_that_is_yet_to_be_settled_is_told_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(chores, "AGAIN_S", 0.02)
    rows, one = LateEnds(), asked()
    worker = Worker(rows, ["Mushishi is calm."], ["Another text."])
    first = await worker.reply(one)
    assert first.degraded == ("postgres",)
    assert await worker.reply(one) == first
    rows.late = False
    await until(lambda: rows.bills() != [("started", None)])
    assert rows.bills() == [("billed", None)]
    settled = await worker.reply(one)
    assert (settled.text, settled.degraded) == (first.text, ())
    assert len(worker.provider.asked) == 1


async def test_a_reply_that_is_yet_to_be_settled_is_told_without_postgres(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(chores, "AGAIN_S", 0.02)
    rows, one = LateEnds(), asked()
    worker = Worker(rows, ["Mushishi is calm."])
    first = await worker.reply(one)
    rows.away = True
    assert await worker.reply(one) == first
