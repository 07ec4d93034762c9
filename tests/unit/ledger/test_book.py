"""What is booked of a reply."""

from decimal import Decimal

import pytest
from suites.people import turn
from suites.reference_shop import shop
from suites.replies import reply, usage

from events.reply import Reply, Status, Usage
from ledger.book import Entry, Place, Spent, entry_of, firsts, usd

PLACE = Place(partition=3, offset=17, timestamp_ms=1_000_900)


def entry(one: Reply, place: Place = PLACE) -> Entry:
    return entry_of(one, place, shop().prices)


def answered(*used: Usage) -> Reply:
    asked = turn("hello").model_copy(update={"asked_at": 1_000_000})
    return asked.reply("an answer", usage=used)


def test_the_latency_is_between_the_brokers_stamps() -> None:
    assert entry(answered()).latency_ms == 900


def test_a_turn_without_a_model_costs_nothing_and_has_no_prices() -> None:
    made = entry(answered())
    assert (made.calls, made.spent, made.simulated) == (0, Spent(), False)
    assert (made.model_size, made.read_on) == ("none", None)


def test_a_turn_that_nobody_decided_on_has_no_tier_and_no_use_case() -> None:
    refused = turn("hello").reply("no", status=Status.REFUSED, reason="bad_envelope")
    assert (entry(refused).tier, entry(refused).use_case) == ("none", "none")


def test_all_calls_of_a_reply_are_added_up_exactly() -> None:
    calls = usage("sonnet-5-5", 1), usage("haiku-5-5", 2)
    made = entry(answered(*calls))
    assert made.calls == 2
    assert made.spent.input_tokens == sum(one.input_tokens for one in calls)
    assert made.spent.cache_write_tokens == sum(one.cache_write_tokens for one in calls)
    assert made.spent.cost_usd == sum((usd(one.cost_usd) for one in calls), Decimal(0))
    assert made.simulated


@pytest.mark.parametrize(
    ("models", "size"),
    [
        (["haiku-5-5"], "small"),
        (["sonnet-5-5"], "big"),
        (["haiku-5-5", "sonnet-5-5"], "big"),
        (["haiku-4-5"], "other"),
    ],
)
def test_the_size_is_that_of_the_biggest_model_that_the_playbook_chose(
    models: list[str], size: str
) -> None:
    assert entry(answered(*(usage(model, 1) for model in models))).model_size == size


def test_prices_of_another_month_are_not_given_this_ones_date() -> None:
    call = usage("haiku-5-5", 1)
    dearer = call.model_copy(update={"cost_usd": call.cost_usd * 2})
    unheard = call.model_copy(update={"model": "haiku-9"})
    assert entry(answered(call)).read_on == shop().prices.read_on
    assert entry(answered(call, dearer)).read_on == "unknown"
    assert entry(answered(unheard)).read_on == "unknown"
    assert entry(answered(dearer)).spent.cost_usd == usd(dearer.cost_usd)


def test_amounts_have_nine_places() -> None:
    assert usd(0.1 + 0.2) == Decimal("0.300000000")
    assert sum((usd(0.000000125) for _ in range(8)), Decimal(0)) == Decimal("0.000001000")


def test_the_first_reply_of_a_turn_stands() -> None:
    one, two = reply("s-1", 1), reply("s-1", 2)
    again = one.model_copy(update={"text": "another"})
    found = firsts([entry(one), entry(two), entry(again)])
    assert [made.reply.text for made in found] == [one.text, two.text]


def test_the_same_turn_id_in_two_sessions_is_two_turns() -> None:
    one = reply("s-1", 1)
    other = one.model_copy(update={"session_id": "s-2"})
    assert len(firsts([entry(one), entry(other)])) == 2
