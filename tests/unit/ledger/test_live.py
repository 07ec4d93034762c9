"""The windows, on a table of faust without a broker."""

import asyncio
import time

import pytest
from suites.reference_shop import shop
from suites.replies import replies, reply

from events.reply import Reply
from ledger.app import create_app
from ledger.book import Entry, Place, entry_of
from ledger.cell import Cell
from ledger.figures import window
from ledger.live import KEPT_S, PANE_S, Key, Live, Pane

NOW = 1_800_000_007.0


def answered(one: Reply, ago_s: float) -> Entry:
    place = Place(0, 0, round((NOW - ago_s) * 1000))
    return entry_of(
        one.model_copy(update={"asked_at": place.timestamp_ms - 100}), place, shop().prices
    )


@pytest.fixture
async def live() -> Live:
    app, _ = create_app("127.0.0.1:9092")
    return Live(app, now=lambda: NOW)


async def test_turns_stand_in_the_windows_of_their_time(live: Live) -> None:
    live.count([answered(one, ago) for one, ago in zip(replies(4), (1, 40, 200, 400), strict=True)])
    assert window(live.over(60))["turns"] == 2
    assert window(live.over(300))["turns"] == 3


async def test_a_window_moves_by_ten_seconds(live: Live) -> None:
    live.count([answered(reply("s", 1), 56.9), answered(reply("s", 2), 57.1)])
    assert window(live.over(60))["turns"] == 1


async def test_figures_are_told_by_tier_model_and_use_case(live: Live) -> None:
    sent = replies(20)
    live.count([answered(one, 5) for one in sent])
    told = window(live.over(60))
    assert told["turns"] == 20
    assert {tier: part["share"] for tier, part in told["tiers"].items()} == {
        "template": 0.6,
        "rag": 0.2,
        "llm": 0.2,
    }
    assert list(told["model_sizes"]) == ["none", "small", "big"]
    assert told["share_without_model"] == 0.6
    assert told["share_simulated"] == 0.4
    spent = sum(call.cost_usd for one in sent for call in one.usage)
    assert told["cost_usd"] == pytest.approx(spent, abs=1e-9)
    assert 80 <= told["p50_ms"] <= 100
    assert told["use_cases"]["chitchat"]["tiers"]["template"] == 0.6


async def test_an_empty_window_divides_by_nothing(live: Live) -> None:
    told = window(live.over(60))
    assert (told["turns"], told["p99_ms"], told["share_without_model"]) == (0, None, None)
    assert told["tiers"] == {}


async def test_what_was_booked_before_a_start_is_added_up_with_what_comes(live: Live) -> None:
    key = Key("chitchat", "template", "none")
    live.add([Pane(key, NOW // PANE_S * PANE_S, Cell(turns=5))])
    live.count([answered(reply("s", 1), 1)])
    assert live.over(60)[key].turns == 6


async def test_windows_that_are_over_are_dropped() -> None:
    app, _ = create_app("127.0.0.1:9092")
    app.conf.table_cleanup_interval = 0.01
    live, key, now = Live(app), Key("chitchat", "template", "none"), time.time()
    live.add([Pane(key, now - 2 * KEPT_S, Cell(turns=1)), Pane(key, now, Cell(turns=2))])
    assert len(live.table) == 2
    async with live.table, asyncio.timeout(10):
        while len(live.table) > 1:
            await asyncio.sleep(0.01)
        assert live.over(60)[key].turns == 2


def test_the_app_makes_no_topic_and_asks_for_its_own_offsets() -> None:
    app, topic = create_app("127.0.0.1:9092,127.0.0.1:9093")
    assert not app.conf.topic_allow_declare
    assert app.conf.topic_disable_leader
    assert not app.conf.web_enabled
    assert not topic.acks
    assert [str(url) for url in app.conf.broker] == [
        "kafka://127.0.0.1:9092",
        "kafka://127.0.0.1:9093",
    ]


def test_a_login_is_handed_on() -> None:
    app, _ = create_app("sasl://me:secret@broker:9092?mechanism=PLAIN")
    credentials = app.conf.broker_credentials
    assert (credentials.username, credentials.password) == ("me", "secret")
    assert credentials.mechanism.value == "PLAIN"
    with pytest.raises(ValueError, match="not written host:port"):
        create_app("broker")
