"""When a breaker had to be open, when a silent model had to be left, what a turn may cost."""

from dataclasses import replace

import pytest

from devkit.check.calls import breaker, limits, open_times
from devkit.check.purse import Bill, Call, Purse
from devkit.check.sound_models import BIG, BREAKER, RUNNING, SPEC
from devkit.check.spending import money, spend, twice


def call(
    number: int = 1,
    *,
    started_ms: float = 0.0,
    ended_ms: float | None = 0.0,
    why: str | None = None,
    state: str = "billed",
    tokens: tuple[int, int] = (0, 0),
    epoch: int = 1,
) -> Call:
    return Call(
        session_id="s",
        turn_id="t",
        call_id=f"{number:032x}",
        epoch=epoch,
        state=state,
        owner="o",
        why=why,
        model=BIG,
        input_tokens=tokens[0],
        output_tokens=tokens[1],
        cost_nano_usd=sum(tokens),
        started_ms=started_ms,
        ended_ms=ended_ms,
    )


def failures(*at_s: float, why: str = "overloaded") -> list[Call]:
    return [call(n, started_ms=at * 1000, ended_ms=at * 1000, why=why) for n, at in enumerate(at_s)]


@pytest.mark.parametrize(
    ("made", "opened"),
    [
        (failures(1, 2, 3, 4), []),
        (failures(1, 2, 3, 4, 5), [(5_000, 10_000)]),
        (failures(1, 2, 3, 4, 12), []),
        (failures(1, why="spent"), [(1_000, 121_000)]),
        (failures(1, why="rate_long"), [(1_000, 121_000)]),
        (failures(1, 2, 3, 4, 5, why="declined"), []),
        (failures(1, 2, 3, 4, 5, why="CancelledError"), []),
        ([*failures(1, 2, 3, 4), call(9, ended_ms=4_500), *failures(5)], []),
        ([*failures(1, 2, 3, 4, 5), *failures(6, 7, 8, 9, 10)], [(5e3, 10e3), (10e3, 15e3)]),
    ],
)
def test_when_a_breaker_is_open(made: list[Call], opened: list[tuple[float, float]]) -> None:
    assert open_times(made, BREAKER) == opened


@pytest.mark.parametrize(
    ("at_s", "wrong"), [(5.1, False), (5.4, True), (9.4, True), (9.9, False), (12.0, False)]
)
def test_a_call_into_an_open_breaker(at_s: float, wrong: bool) -> None:
    late = call(99, started_ms=at_s * 1000, ended_ms=None)
    purse = Purse(calls=(*failures(1, 2, 3, 4, 5), late))
    assert breaker(purse, RUNNING).balanced is not wrong
    assert breaker(purse, RUNNING.model_copy(update={"breaker": None})).balanced


def test_each_workers_breaker_is_its_own() -> None:
    other = call(99, started_ms=6_000, ended_ms=None).model_copy(update={"owner": "another"})
    assert breaker(Purse(calls=(*failures(1, 2, 3, 4, 5), other)), RUNNING).balanced


@pytest.mark.parametrize(
    ("why", "ended_s", "last_token_ms", "late"),
    [
        ("hung", SPEC.first_event_s + 0.5, None, False),
        ("hung", SPEC.first_event_s + 1.0, None, True),
        ("stalled", 0.4 + SPEC.stall_s + 0.5, 400.0, False),
        ("stalled", 0.4 + SPEC.stall_s + 1.0, 400.0, True),
        ("stalled", SPEC.total_s + 0.5, 11_900.0, False),
        ("stalled", SPEC.total_s + 1.0, 11_900.0, True),
        ("taken over", 60.0, 400.0, False),
        (None, 60.0, 400.0, False),
    ],
)
def test_when_a_silent_model_is_left(
    why: str | None, ended_s: float, last_token_ms: float | None, late: bool
) -> None:
    made = call(why=why, ended_ms=ended_s * 1000, state="reconciled")
    bill = Bill(call_id=made.call_id, end="stall", model=BIG, last_token_ms=last_token_ms)
    assert limits(Purse(calls=(made,), billed=(bill,)), RUNNING).balanced is not late


def bill_of(made: Call, end: str = "complete") -> Bill:
    return Bill(end=end, **made.model_dump(include=set(Bill.model_fields)))


@pytest.mark.parametrize(
    ("first", "second", "wrong"),
    [
        ((100, 90), (100, 90), False),
        ((100, 0), (100, 90), False),
        ((100, 91), (100, 90), True),
        ((101, 0), (100, 90), True),
    ],
)
def test_a_turn_costs_twice_its_complete_call_at_most(
    first: tuple[int, int], second: tuple[int, int], wrong: bool
) -> None:
    killed, whole = call(1, tokens=first), call(2, tokens=second, epoch=2)
    purse = Purse(calls=(killed, whole), billed=(bill_of(killed, "left"), bill_of(whole)))
    assert twice(purse).balanced is not wrong


def test_a_turn_that_nobody_completed_is_asked_twice_at_most() -> None:
    cut = [call(number, tokens=(100, 9)) for number in (1, 2, 3)]
    assert twice(Purse(calls=tuple(cut[:2]))).balanced
    assert twice(Purse(calls=tuple(cut))).offenders == ("s/t: epoch 1 made 3 calls",)


def test_without_models_there_is_no_cap() -> None:
    assert spend(Purse(calls=(call(tokens=(1, 1)),)), None).balanced


def test_a_call_that_cost_nothing_need_not_be_in_the_providers_book() -> None:
    refused = call(why="overloaded")
    assert money(Purse(calls=(refused,)), ()).balanced
    paid = replace(Purse(), calls=(refused.model_copy(update={"input_tokens": 1}),))
    assert not money(paid, ()).balanced
