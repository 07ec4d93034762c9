"""A turn's way through the models' tier: claims in memory, a provider that plays scripts.

The loop has a time of its own (`conftest.py`): seconds are those that the tier waits.
"""

import asyncio
import contextlib
from uuid import UUID, uuid4

import pytest
from suites.claim_book import USED, Held, ListedClaims, Scripted, says
from suites.model_desk import (
    PLAIN,
    WARM_PLAIN,
    Passed,
    Place,
    Shown,
    asked,
    models,
)

from events.reply import Reply, Source
from events.task import Task
from events.turn import Turn
from llm import underway
from llm.handler import handle
from llm.models.failure import UNBILLED, CallFailed, Kind
from llm.money.call import Call
from llm.money.repository import Took
from llm.writing import Check
from playbook.model import BreakerSpec
from playbook.use_case import Size
from worker.deadline import cut_off_at
from worker.handler import Rejected, Unavailable

Script = list[str | float | Exception]
WORDS = ("Try Mush", "ishi. It is calm", ".\nIt has 10 volumes.")
TEXT = "Try Mushishi. It is calm.\nIt has 10 volumes."


def failing(kind: Kind, retry_after_s: float | None = None) -> CallFailed:
    return CallFailed(kind, "a test", retry_after_s)


def now() -> float:
    return asyncio.get_running_loop().time()


# -- answers


@pytest.mark.parametrize("task", [Task.ANSWER, Task.COMPOSE])
async def test_an_answer_is_its_previews_with_usage_sources_and_context(task: Task) -> None:
    place, one = Place(says(*WORDS)), asked(task)
    reply = await place.reply(one)
    assert reply.text == TEXT == place.screen.text(epoch=1)
    assert [one.text for one in place.screen.previews] == [
        "Try Mushishi.",
        " It is calm.",
        "\nIt has 10 volumes.",
    ]
    assert [one.seq for one in place.screen.previews] == [0, 1, 2]
    assert reply.degraded == ()
    assert reply.epoch == 1
    assert reply.sources == (Source(kind="catalogue", ref="mushishi", title="Mushishi"),)
    assert reply.leaves is not None
    assert reply.leaves.entities == {"series": "vinland-saga"}
    (usage,) = reply.usage
    name = "sonnet-5-5" if task is Task.ANSWER else "haiku-5-5"
    assert (usage.model, usage.input_tokens, usage.output_tokens) == (name, 100, 50)
    assert usage.simulated
    price = place.kit.models[Size.BIG if task is Task.ANSWER else Size.SMALL].price
    assert usage.cost_usd == USED.cost_usd(price)
    assert place.rows.bills() == [("billed", None)]


async def test_a_sentence_that_the_guard_replaces_is_never_shown() -> None:
    def check(_: Turn) -> Check:
        return lambda piece: Passed(" Or so.", ("number",)) if "10" in piece else Passed(piece)

    place = Place(says(*WORDS), check=check)
    reply = await place.reply(asked())
    assert reply.text == "Try Mushishi. It is calm. Or so." == place.screen.text()
    assert reply.degraded == ("guard",)


async def test_an_answer_of_which_the_guard_leaves_nothing_is_the_fallback_and_is_paid() -> None:
    place = Place(says(*WORDS), check=lambda _: lambda piece: Passed("", ("all of it",)))
    one = asked()
    reply = await place.reply(one)
    assert reply.text == PLAIN
    assert reply.degraded == ("guard",)
    assert len(reply.usage) == 1
    assert not place.screen.previews
    assert place.rows.claims[one.session_id, one.turn_id].reply == reply


async def test_an_answer_of_which_the_guard_stops_most_is_the_fallback() -> None:
    def check(_: Turn) -> Check:
        return lambda piece: Passed(piece) if "calm" in piece else Passed("", ("title",))

    reply = await Place(says(*WORDS), check=check).reply(asked())
    assert reply.text == PLAIN
    assert reply.degraded == ("guard",)


async def test_an_answer_that_hits_its_limit_keeps_its_whole_sentences() -> None:
    provider = Scripted([["It is calm. It has 1"]], stop_reason="max_tokens")
    place = Place(provider)
    reply = await place.reply(asked())
    assert reply.text == "It is calm." == place.screen.text()
    assert reply.degraded == ("length",)


@pytest.mark.parametrize("endless", ["." * 6000, "And on. " * 400, "Well, and on " * 80 + "so."])
async def test_an_answer_that_never_ends_is_cut_at_a_whole_sentence(endless: str) -> None:
    checked: list[str] = []

    def check(_: Turn) -> Check:
        def kept(piece: str) -> Passed:
            checked.append(piece)
            return Passed(piece)

        return kept

    place = Place(says("It is calm. ", endless), check=check)
    reply = await place.reply(asked())
    tokens = place.kit.models[Size.BIG].spec.max_tokens
    assert len(checked) <= tokens / 4
    assert reply.text.startswith("It is calm.")
    assert reply.text.endswith((" on.", "calm."))
    assert reply.text == place.screen.text()
    assert reply.degraded == ("length",)
    assert place.rows.bills() == [("billed", None)]


async def test_warmth_that_never_ends_goes_out_plain() -> None:
    place = Place(says(WARM_PLAIN, " Sure." * 1000))
    reply = await place.reply(asked(Task.WARM))
    assert (reply.text, reply.degraded) == (WARM_PLAIN, ("warmth",))


async def test_after_a_lost_preview_no_later_one_is_shown_and_the_reply_says_so() -> None:
    place = Place(says(*WORDS), screen=Shown(lost=1))
    reply = await place.reply(asked())
    assert reply.text == TEXT
    assert place.screen.text() == "Try Mushishi."
    assert reply.degraded == ("preview",)


async def test_a_refusal_is_paid_and_is_no_answer() -> None:
    place = Place(Scripted([[]], stop_reason="refusal"))
    reply = await place.reply(asked())
    assert (reply.text, reply.degraded) == (PLAIN, ("model:sonnet-5-5",))
    assert len(reply.usage) == 1
    assert place.rows.bills() == [("billed", "declined")]


# -- warmth


async def test_warmth_keeps_the_plain_text_its_context_and_shows_nothing_before() -> None:
    place, one = Place(says("That is easy. ", WARM_PLAIN)), asked(Task.WARM)
    reply = await place.reply(one)
    assert reply.text == f"That is easy. {WARM_PLAIN}"
    assert (reply.degraded, reply.epoch) == ((), 1)
    assert reply.leaves == one.fallback.leaves if one.fallback else False
    assert reply.tier == "llm"
    assert len(reply.usage) == 1
    assert not place.screen.previews


@pytest.mark.parametrize(
    ("words", "stop_reason"),
    [("That is easy.", "end_turn"), ("", "end_turn"), (f"Sure. {WARM_PLAIN}", "max_tokens")],
)
async def test_warmth_that_lost_a_fact_or_its_end_goes_out_plain(
    words: str, stop_reason: str
) -> None:
    place = Place(Scripted([[words]], stop_reason=stop_reason))
    reply = await place.reply(asked(Task.WARM))
    assert (reply.text, reply.degraded) == (WARM_PLAIN, ("warmth",))
    assert len(reply.usage) == 1


# -- a model that fails


@pytest.mark.parametrize("kind", [one for one in Kind if one is not Kind.DECLINED])
async def test_every_failure_ends_in_the_fallback_and_in_the_books(kind: Kind) -> None:
    place, one = Place(Scripted([[failing(kind)]])), asked()
    reply = await place.reply(one)
    assert (reply.text, reply.degraded) == (PLAIN, ("model:sonnet-5-5",))
    assert reply.usage == ()
    known = "billed" if kind in UNBILLED else "unknown"
    assert place.rows.bills() == [(known, kind)] * len(place.provider.asked)
    assert place.rows.claims[one.session_id, one.turn_id].state == "failed"


async def test_a_call_that_may_be_made_again_is_made_once_more_under_another_name() -> None:
    place = Place(Scripted([[failing(Kind.OVERLOADED)], list(WORDS)]))
    reply = await place.reply(asked())
    assert (reply.text, reply.degraded) == (TEXT, ())
    assert place.screen.text() == TEXT
    assert place.rows.bills() == [("billed", "overloaded"), ("billed", None)]
    first, second = place.provider.asked
    assert first.call_id != second.call_id
    assert len(reply.usage) == 1


async def test_no_third_call_is_made() -> None:
    place = Place(Scripted([[failing(Kind.SERVER_ERROR)]]))
    started = now()
    await place.reply(asked())
    assert len(place.provider.asked) == 2
    assert 0 < now() - started < 0.3


async def test_after_the_first_word_nothing_is_asked_again() -> None:
    place = Place(Scripted([["It is calm. And", failing(Kind.SERVER_ERROR)]]))
    reply = await place.reply(asked())
    assert reply.text == PLAIN
    assert len(place.provider.asked) == 1


async def test_an_open_breaker_sends_the_fallback_at_once_and_spends_nothing() -> None:
    known = models(breaker=BreakerSpec(failures=1, within_s=10, open_s=60, long_open_s=120))
    place = Place(Scripted([[failing(Kind.HUNG)]]), known=known)
    await place.reply(asked())
    started = now()
    reply = await place.reply(asked())
    assert reply.degraded == ("breaker:sonnet-5-5",)
    assert now() == started
    assert len(place.provider.asked) == len(place.rows.calls) == 1


async def test_a_used_up_quota_sends_the_fallback() -> None:
    place = Place(says(*WORDS), known=models(requests_per_minute=1))
    assert (await place.reply(asked())).degraded == ()
    assert (await place.reply(asked())).degraded == ("quota",)


async def test_a_full_queue_sends_the_fallback_and_the_rest_is_answered_in_turn() -> None:
    place = Place(Scripted([[0.05, *WORDS]]), known=models(concurrency=1))
    replies = await asyncio.gather(*(place.reply(asked(session=f"s-{n}")) for n in range(5)))
    assert [one.degraded for one in replies].count(()) == 3
    assert [one.degraded for one in replies].count(("busy:sonnet-5-5",)) == 2


async def test_one_model_does_not_wait_for_the_other() -> None:
    known = models(concurrency=1)
    place = Place(Scripted([[10.0], list(WORDS)]), known=known)
    slow = asyncio.create_task(place.reply(asked(session="s-slow")))
    await asyncio.sleep(0.01)
    reply = await place.reply(asked(Task.COMPOSE, session="s-quick"))
    assert reply.text == TEXT
    slow.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await slow


# -- the deadline


@pytest.mark.parametrize(("left_s", "calls"), [(0.03, 0), (0.49, 0), (2.0, 1)])
async def test_no_call_is_bought_that_would_be_cut(left_s: float, calls: int) -> None:
    place = Place(says(WARM_PLAIN))
    with cut_off_at(asyncio.get_running_loop().time() + left_s):
        reply = await place.reply(asked(Task.WARM, within_s=1.5))
    assert len(place.provider.asked) == len(place.rows.calls) == calls
    assert reply.degraded == (() if calls else ("deadline",))
    assert reply.text == WARM_PLAIN


async def test_the_wait_for_a_place_counts() -> None:
    place = Place(Scripted([[0.4, *WORDS]]), known=models(concurrency=1))
    first = asyncio.create_task(place.reply(asked(session="s-first")))
    await asyncio.sleep(0.01)
    reply = await place.reply(asked(session="s-second", within_s=0.7))
    assert reply.degraded == ("deadline",)
    assert (await first).degraded == ()
    assert len(place.provider.asked) == 1


async def test_a_settled_reply_is_told_though_there_is_no_time_for_a_call() -> None:
    place, one = Place(says(*WORDS)), asked()
    first = await place.reply(one)
    with cut_off_at(asyncio.get_running_loop().time() + 0.1):
        assert await place.reply(one) == first


# -- claims


async def test_a_reached_cap_sends_the_fallback_without_a_call() -> None:
    place = Place(says(*WORDS), ListedClaims(over=True))
    reply = await place.reply(asked())
    assert (reply.text, reply.degraded) == (PLAIN, ("budget",))
    assert not place.provider.asked


async def test_a_redelivered_turn_gets_its_reply_and_is_not_paid_twice() -> None:
    place, one = Place(says(*WORDS)), asked()
    first = await place.reply(one)
    assert await place.reply(one) == first
    assert len(place.provider.asked) == 1


async def test_a_settled_reply_is_told_even_while_the_breaker_is_open() -> None:
    known = models()
    place, one = Place(says(*WORDS), known=known), asked()
    first = await place.reply(one)
    known[Size.BIG].permit(known[Size.BIG].worst("x")[0]).failed(failing(Kind.SPENT))
    assert await place.reply(one) == first


async def test_a_turn_in_other_hands_is_waited_for_and_its_reply_is_told() -> None:
    place, one = Place(says(*WORDS)), asked()
    theirs = one.reply("theirs", epoch=1)
    held = place.rows.claims[one.session_id, one.turn_id] = Held(1, uuid4())
    waiting = asyncio.create_task(place.reply(one))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    held.state, held.reply = "settled", theirs
    assert await waiting == theirs
    assert not place.provider.asked


async def test_a_turn_whose_owner_died_is_answered_in_the_next_epoch() -> None:
    place, one = Place(says(*WORDS)), asked()
    gone = uuid4()
    place.rows.claims[one.session_id, one.turn_id] = Held(2, gone)
    place.rows.dead.add(gone)
    reply = await place.reply(one)
    assert reply.epoch == 3
    assert place.screen.text(epoch=3) == TEXT


async def test_who_was_superseded_tells_the_winners_reply() -> None:
    place, one = Place(Scripted([[0.05, *WORDS]])), asked()
    theirs = one.reply("theirs", epoch=2)
    working = asyncio.create_task(place.reply(one))
    await asyncio.sleep(0.02)
    place.rows.claims[one.session_id, one.turn_id] = Held(2, uuid4(), "settled", theirs)
    assert await working == theirs
    # What it cost is known, and booked.
    assert place.rows.bills() == [("billed", None)]


async def test_who_was_superseded_by_one_that_failed_sends_the_fallback() -> None:
    place, one = Place(Scripted([[0.05, *WORDS]])), asked()
    working = asyncio.create_task(place.reply(one))
    await asyncio.sleep(0.02)
    place.rows.claims[one.session_id, one.turn_id] = Held(2, uuid4(), "failed")
    reply = await working
    assert (reply.text, reply.degraded) == (PLAIN, ("claim",))


async def revoked(working: "asyncio.Task[Reply]") -> None:
    """Cancelled as a rebalance does: at once, nothing waited for."""
    await asyncio.sleep(0.02)
    working.cancel()
    started = now()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert now() == started


async def test_a_revoked_turn_is_finished_and_its_redelivery_joins_the_one_call() -> None:
    place, one = Place(Scripted([["Try Mush", 0.1, *WORDS[1:]]])), asked()
    await revoked(asyncio.create_task(place.reply(one)))
    reply = await place.reply(one)
    assert (reply.text, reply.epoch, reply.degraded) == (TEXT, 1, ())
    assert place.rows.bills() == [("billed", None)]
    assert place.screen.text(epoch=1) == TEXT


async def test_a_revoked_turn_is_told_by_its_next_owner_without_a_call() -> None:
    place, one = Place(Scripted([["Try Mush", 0.1, *WORDS[1:]]])), asked()
    await revoked(asyncio.create_task(place.reply(one)))
    other = Place(says("Another answer."), place.rows)
    reply = await other.reply(one)
    assert (reply.text, reply.epoch, reply.degraded) == (TEXT, 1, ())
    assert not other.provider.asked
    assert place.rows.bills() == [("billed", None)]


async def test_a_turn_revoked_while_its_claim_is_taken_is_finished_too() -> None:
    class Slow(ListedClaims):
        async def take(self, turn: Turn, owner: UUID, call: Call) -> Took:
            took = await super().take(turn, owner, call)
            await asyncio.sleep(0.05)
            return took

    place, one = Place(says(*WORDS), Slow()), asked()
    await revoked(asyncio.create_task(place.reply(one)))
    assert (await Place(says("Another answer."), place.rows).reply(one)).text == TEXT
    assert place.rows.bills() == [("billed", None)]


async def test_a_revoked_turn_whose_model_fails_is_answered_by_its_next_owner() -> None:
    place, one = Place(Scripted([["Try Mush", 0.1, failing(Kind.CUT)]])), asked()
    await revoked(asyncio.create_task(place.reply(one)))
    reply = await Place(says(*WORDS), place.rows).reply(one)
    assert (reply.text, reply.epoch) == (TEXT, 2)
    assert place.rows.bills() == [("unknown", "cut"), ("billed", None)]


async def test_a_revoked_turn_that_nobody_waits_for_is_cut_after_its_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(underway, "GRACE_S", 0.05)
    place, one = Place(Scripted([["It is calm. And", 60.0]])), asked(within_s=0.6)
    await revoked(asyncio.create_task(place.reply(one)))
    async with asyncio.timeout(10):
        while place.rows.bills() != [("unknown", "CancelledError")]:
            await asyncio.sleep(0.02)
    assert place.underway.of(one) is None


async def test_a_turn_cut_at_its_deadline_is_free_at_once_and_its_call_unknown() -> None:
    place, one = Place(Scripted([["It is calm. And", 60.0]])), asked(within_s=0.6)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.6):
            await place.reply(one)
    await asyncio.sleep(0)
    await place.chores.end()
    assert place.rows.claims[one.session_id, one.turn_id].state == "failed"
    assert place.rows.bills() == [("unknown", "CancelledError")]
    # Its place is free too: another turn is answered.
    assert (await Place(says(*WORDS), place.rows).reply(one)).epoch == 2


async def test_at_the_end_of_the_process_what_is_under_way_is_cut_and_free() -> None:
    place, one = Place(Scripted([["It is calm. And", 60.0]])), asked()
    await revoked(asyncio.create_task(place.reply(one)))
    await place.underway.end()
    await place.chores.end()
    assert place.rows.claims[one.session_id, one.turn_id].state == "failed"
    assert place.rows.bills() == [("unknown", "CancelledError")]


async def test_who_waits_for_work_that_is_cut_by_another_gets_the_fallback() -> None:
    place, one = Place(Scripted([["It is calm. And", 60.0]])), asked()
    waiting = asyncio.create_task(place.reply(one))
    await asyncio.sleep(0.02)
    await place.underway.end()
    reply = await waiting
    assert (reply.text, reply.degraded) == (PLAIN, ("deadline",))


async def test_a_bug_in_the_guard_leaves_no_claim_running() -> None:
    def check(_: Turn) -> Check:
        def broken(piece: str) -> Passed:
            raise ZeroDivisionError

        return broken

    place, one = Place(says(*WORDS), check=check), asked()
    with pytest.raises(ZeroDivisionError):
        await place.reply(one)
    await place.chores.end()
    assert place.rows.claims[one.session_id, one.turn_id].state == "failed"
    assert place.rows.bills() == [("unknown", "ZeroDivisionError")]


# -- without Postgres


async def test_without_postgres_no_model_is_called() -> None:
    place = Place(says(*WORDS), ListedClaims(away=True))
    with pytest.raises(Unavailable) as away:
        await place.reply(asked())
    assert away.value.dependency == "postgres"
    assert not place.provider.asked


async def test_an_answer_is_not_thrown_away_when_postgres_leaves_and_is_settled_later() -> None:
    place, one = Place(Scripted([[0.05, *WORDS]])), asked()
    working = asyncio.create_task(place.reply(one))
    await asyncio.sleep(0.02)
    place.rows.away = True
    reply = await working
    assert (reply.text, reply.degraded) == (TEXT, ("postgres",))
    assert place.rows.bills() == [("started", None)]
    place.rows.away = False
    async with asyncio.timeout(3):
        while place.rows.bills() != [("billed", None)]:
            await asyncio.sleep(0.05)
    assert place.rows.claims[one.session_id, one.turn_id].state == "settled"


async def test_when_postgres_leaves_between_two_calls_the_quota_of_the_second_is_free() -> None:
    class Leaving(ListedClaims):
        async def add(self, turn: Turn, epoch: int, call: Call) -> str:
            raise Unavailable("postgres")

    known = models(clock=lambda: 0.0)
    place = Place(Scripted([[failing(Kind.OVERLOADED)], list(WORDS)]), Leaving(), known=known)
    one = asked()
    reply = await place.reply(one)
    assert (reply.text, reply.degraded) == (PLAIN, ("postgres",))
    # One request was made; of its tokens none were billed, and of the second call nothing.
    free = known[Size.BIG].spec.requests_per_minute
    assert known[Size.BIG].share_free == pytest.approx(1 - 1 / free)
    assert len(place.provider.asked) == 1
    assert place.rows.claims[one.session_id, one.turn_id].state == "failed"


async def test_a_call_that_was_never_made_is_given_back_when_its_turn_is_cancelled() -> None:
    class Slow(ListedClaims):
        async def add(self, turn: Turn, epoch: int, call: Call) -> str:
            await asyncio.sleep(60)
            return "taken"

    known = models(clock=lambda: 0.0)
    place = Place(Scripted([[failing(Kind.OVERLOADED)]]), Slow(), known=known)
    working = asyncio.create_task(place.reply(asked()))
    await asyncio.sleep(0.3)
    await place.underway.end()
    await working
    free = known[Size.BIG].spec.requests_per_minute
    assert known[Size.BIG].share_free == pytest.approx(1 - 1 / free)


async def test_without_postgres_and_without_the_model_the_fallback_goes_out_at_once() -> None:
    known = models()
    known[Size.BIG].permit(known[Size.BIG].worst("x")[0]).failed(failing(Kind.SPENT))
    place = Place(says(*WORDS), ListedClaims(away=True), known=known)
    assert (await place.reply(asked())).degraded == ("breaker:sonnet-5-5",)


# -- the handler


@pytest.mark.parametrize("missing", ["task", "fallback"])
async def test_a_turn_that_no_tier_routed_here_is_poison(missing: str) -> None:
    class Never:
        async def reply(self, turn: Turn, task: Task, plain: Reply) -> Reply:
            raise AssertionError("poison must not come so far")

    with pytest.raises(Rejected) as refused:
        await handle(asked().model_copy(update={missing: None}), desk=Never())
    assert refused.value.reason == "invalid_event"
