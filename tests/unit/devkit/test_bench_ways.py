"""The bench of the dearer tiers: what it must not pass off, and how it splits a turn's time."""

from dataclasses import replace

import pytest
from suites.people import decision, turn
from suites.reference_shop import shop

from devkit.bench.cpu import Spent
from devkit.bench.overhead import overhead
from devkit.bench.traffic import Trip
from devkit.bench.way import COMPOSED, ORDER, RECOMMENDED, WARMED, WAYS, Way
from devkit.errors import DevkitError
from devkit.simulator.book import End, Entry
from events.reply import Reply, Usage
from playbook.rule import first_match
from playbook.use_case import Size


def reply(way: Way, **changes: object) -> bytes:
    case = shop().use_cases[way.use_case]
    decided = decision(case.tier).model_copy(update={"use_case": way.use_case})
    asked = turn().model_copy(update={"decision": decided, "path": (way.tiers[-1],)})
    called = (usage(way.model),) if way.model else ()
    told: Reply = asked.reply("yes", usage=called).model_copy(update=changes)
    return told.public().model_dump_json(exclude_none=True).encode()


def usage(size: Size) -> Usage:
    model = shop().prices.chosen[size]
    return Usage(model=model, input_tokens=1, output_tokens=1, cost_usd=0.0, simulated=True)


def entry(call: str, **changes: float | None) -> Entry:
    times: dict[str, float | None] = {"first_sentence_ms": 300.0, "last_token_ms": 500.0}
    return Entry(
        request_id=f"req-{call}-{len(changes)}",
        call=call,
        model="sonnet-5-5",
        task="answer",
        profile="faithful",
        input_tokens=1,
        output_tokens=1,
        cached_tokens=0,
        cache_write_tokens=0,
        cost_usd=0.0,
        end=End.COMPLETE,
        arrived_ms=1_020.0,
        **(times | changes),  # type: ignore[arg-type]  # floats all of them
    )


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.short)
def test_turns_that_went_another_way_are_not_passed_off(way: Way) -> None:
    assert way.check([reply(way)] * 20, shop()) == 1.0
    other = RECOMMENDED if way is not RECOMMENDED else WARMED
    for wrong in (reply(other), reply(way, degraded=("qdrant",))):
        with pytest.raises(DevkitError, match="went that way"):
            way.check([reply(way)] * 10 + [wrong], shop())


def test_a_fallback_is_not_a_models_answer() -> None:
    with pytest.raises(DevkitError, match="Only 0%"):
        COMPOSED.check([reply(COMPOSED, usage=())], shop())


def test_the_ways_are_said_in_words_that_a_rule_knows() -> None:
    ruled = [way for way in WAYS if way is not COMPOSED]
    for way in ruled:
        for text in way.texts:
            match = first_match(shop().rules, text, known=())
            assert match is not None, text
            assert match.rule.use_case == way.use_case


def test_the_aim_is_the_playbooks_promise() -> None:
    returns = shop().use_cases["returns"].p99_ms
    assert WARMED.aim_ms(shop()) == returns + 1500
    assert ORDER.aim_ms(shop()) == shop().use_cases["order_tracking"].p99_ms


def test_a_turns_time_is_split_at_the_provider() -> None:
    trips = {"t-1": Trip(said_ms=1_000.0, told_ms=1_530.0, shown_ms=1_324.0)}
    found = overhead(trips, {"c-1": "t-1"}, [entry("c-1")])
    assert (found.provider.p50, found.before.p50) == (500.0, 20.0)
    assert (found.shown.p50, found.told.p50, found.added.p50) == (4.0, 10.0, 30.0)


def test_a_turn_with_two_calls_or_an_unfinished_one_is_left_out() -> None:
    trips = {name: Trip(1_000.0, 1_530.0) for name in ("t-1", "t-2", "t-3")}
    calls = {"c-1": "t-1", "c-2": "t-2", "c-3": "t-2", "c-4": "t-3"}
    entries = [entry("c-1"), entry("c-2"), entry("c-3"), entry("c-4", last_token_ms=None)]
    found = overhead(trips, calls, [*entries, entry("of somebody else")])
    assert len(found.added.values) == 1
    assert found.shown.values == ()


def test_what_is_spent_while_nobody_asks_is_not_a_turns() -> None:
    spent, idle = Spent({"rag-0": 2.0, "kafka-0": 0.1}), Spent({"rag-0": 0.25, "kafka-0": 0.25})
    own = spent.without(idle, 4.0)
    assert own.seconds == {"rag-0": 1.0, "kafka-0": 0.0}
    assert replace(own).per_turn_ms(100) == {"rag-0": 10.0, "kafka-0": 0.0}
