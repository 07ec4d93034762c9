"""Departures that a fault explains, and those that it does not."""

import pytest

from devkit.check.account import Entry, Expected, Healed, Injected, Seen
from devkit.check.books import balance
from devkit.check.excuses import AFTER_MS, BEFORE_MS, Excuses, marks_of
from devkit.check.papers import Papers
from devkit.check.sound_turns import Maker
from events.decision import Decision, Evidence
from events.reply import Reply, Status
from events.tier import Tier

FAULT_MS, HEALED_MS = 100_000, 130_000
HISTORY: tuple[Entry, ...] = (
    Injected(fault=12, what="Postgres away", at_ms=FAULT_MS, takes=("postgres", "breaker")),
    Healed(fault=12, at_ms=HEALED_MS),
)


def reply(asked_at: int, *marks: str, overlays: tuple[str, ...] = ()) -> Reply:
    decision = Decision(
        by=Evidence.RULE,
        use_case="recommendation",
        tier=Tier.RAG,
        why="test",
        expected_cost_usd=0.0,
        playbook_version="1",
        overlays=overlays,
    )
    return Reply(
        session_id="s",
        turn_id="t",
        status=Status.COMPLETED,
        text="",
        asked_at=asked_at,
        degraded=marks,
        decision=decision,
    )


def test_marks_are_named_without_their_subject() -> None:
    found = marks_of(reply(1, "model:sonnet", "late", overlays=("breaker:sonnet",)))
    assert found == {"model", "late", "breaker"}


@pytest.mark.parametrize(
    ("asked_at", "excused"),
    [
        (FAULT_MS - BEFORE_MS - 1, False),
        (FAULT_MS - BEFORE_MS, True),
        (HEALED_MS, True),
        (HEALED_MS + AFTER_MS, True),
        (HEALED_MS + AFTER_MS + 1, False),
    ],
)
def test_a_fault_excuses_while_it_lasts(asked_at: int, excused: bool) -> None:
    excuses = Excuses(HISTORY)
    assert excuses(reply(asked_at, "postgres")) is excused
    assert excuses(reply(asked_at, overlays=("breaker:sonnet",))) is excused


def test_other_marks_are_not_excused() -> None:
    assert not Excuses(HISTORY)(reply(FAULT_MS, "qdrant"))
    assert not Excuses(HISTORY)(reply(FAULT_MS))


def test_a_fault_that_nobody_healed_excuses_for_ever() -> None:
    assert Excuses(HISTORY[:1])(reply(10**9, "postgres"))


def dialogue(second: dict[str, object], third: str) -> list[str]:
    """The book of a session of three turns, the second answered otherwise, the third as said."""
    maker = Maker(1)
    for number in (1, 2, 3):
        expected = Expected(tier=Tier.ORDER, follows=number > 1)
        maker.answer(maker.send("s", number, "hi", expected), 10)
    changed = [
        _with(seen, **(second if place == 1 else {"tier": third} if place == 2 else {}))
        for place, seen in enumerate(maker.egress)
    ]
    papers = Papers(history=(*HISTORY, *maker.history), egress=tuple(changed))
    return list(balance(papers)["wrong"].offenders)


def _with(seen: Seen, **fields: object) -> Seen:
    assert seen.reply
    return seen.model_copy(update={"reply": seen.reply.model_copy(update=fields)})


def test_what_follows_a_wrong_answer_is_not_judged() -> None:
    (offender,) = dialogue({"tier": Tier.LLM}, Tier.TEMPLATE)
    assert offender.startswith("s/s-2")


def test_what_follows_a_gap_is_not_judged() -> None:
    assert dialogue({"gap": True}, Tier.TEMPLATE) == []


def test_what_follows_a_good_answer_is_judged() -> None:
    (offender,) = dialogue({}, Tier.TEMPLATE)
    assert offender.startswith("s/s-3: tier is template")


def test_what_follows_an_excused_answer_is_not_judged() -> None:
    fallen_back = {"asked_at": FAULT_MS, "degraded": ("postgres",), "tier": Tier.TEMPLATE}
    assert dialogue(fallen_back, Tier.TEMPLATE) == []


@pytest.mark.parametrize(("late", "of", "wrong"), [(1, 400, 0), (2, 400, 0), (3, 400, 3)])
def test_one_in_two_hundred_may_meet_a_time_limit(late: int, of: int, wrong: int) -> None:
    maker = Maker(1)
    for number in range(of):
        maker.answer(maker.send(f"s-{number}", 1, "hi", Expected(tier=Tier.LLM)), 10)
    crowded = {"tier": Tier.RAG, "degraded": ("qdrant",)}
    changed = [_with(seen, **crowded) for seen in maker.egress[:late]]
    papers = Papers(history=tuple(maker.history), egress=(*changed, *maker.egress[late:]))
    assert len(balance(papers)["wrong"].offenders) == wrong


def test_no_other_mark_passes_for_a_time_limit() -> None:
    maker = Maker(1)
    for number in range(400):
        maker.answer(maker.send(f"s-{number}", 1, "hi", Expected(tier=Tier.LLM)), 10)
    changed = _with(maker.egress[0], tier=Tier.RAG, degraded=("qdrant", "model:sonnet"))
    papers = Papers(history=tuple(maker.history), egress=(changed, *maker.egress[1:]))
    assert len(balance(papers)["wrong"].offenders) == 1
