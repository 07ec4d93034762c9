"""What the ledger shows over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

import httpx
import pytest
from suites.reference_shop import PLAYBOOK, shop
from suites.replies import replies

from ledger.app import create_app
from ledger.book import Place, entry_of
from ledger.live import Live
from ledger.metrics import SLO_S, Metrics
from ledger.money import told
from ledger.repository import Repository, Sums
from ledger.web import Views
from ledger.writer import Written
from playbook.reference import Reference
from playbook.source import read_model
from worker.handler import Unavailable

REFERENCE = read_model(PLAYBOOK / "reference.yaml", Reference)


def row(**more: Any) -> dict[str, Any]:
    counts = dict.fromkeys(
        ("input_tokens", "output_tokens", "cached_tokens", "cache_write_tokens"), 10
    )
    base = {"day": "2026-11-20", "tier": "llm", "use_case": "chitchat", "model_size": "big"}
    money = {"cost_usd": Decimal("0.000000125"), "adjusted_usd": Decimal(0)}
    return (
        base
        | {"simulated": True, "turns": 1, "without_model": 0, "calls": 1}
        | counts
        | money
        | more
    )


def sums(*rows: dict[str, Any]) -> Sums:
    sessions = {"sessions": 2, "most_turns": 3, "cost_p50_usd": 0.1}
    return Sums(list(rows), [], sessions, {"calls": 1, "reserved_usd": Decimal("0.01")})


@dataclass
class Books:
    """Sums as they are given; away where there are none."""

    given: Sums | None = None
    days: list[int] = field(default_factory=list)

    async def sums(self, days: int) -> Sums:
        self.days.append(days)
        if self.given is None:
            raise Unavailable("postgres", "the books cannot be reached")
        return self.given


@asynccontextmanager
async def serving(books: Books, metrics: Metrics | None = None) -> AsyncIterator[httpx.AsyncClient]:
    app, _ = create_app("127.0.0.1:9092")
    live = Live(app)
    views = Views(
        lambda: live,
        cast(Repository, books),
        metrics or Metrics(),
        shop().prices,
        REFERENCE,
    )
    transport = httpx.ASGITransport(views.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://ledger") as client:
        yield client


def test_money_is_added_up_by_every_column() -> None:
    rows = (row(), row(tier="rag", model_size="small", simulated=False), row(day="2026-11-19"))
    shown = told(sums(*rows), shop().prices, REFERENCE, 2)
    assert shown["total"]["turns"] == 3
    assert shown["total"]["cost_usd"] == 0.000000375
    assert shown["total"]["cost_per_turn_usd"] == 0.000000125
    assert shown["sessions"]["cost_per_session_usd"] == pytest.approx(0.0000001875, abs=1e-9)
    assert [one["tier"] for one in shown["by_tier"]] == ["llm", "rag"]
    assert [one["day"] for one in shown["by_day"]] == ["2026-11-20", "2026-11-19"]
    assert shown["by_tier"][1]["simulated_usd"] == 0
    assert shown["by_tier"][0]["simulated_usd"] == 0.00000025


def test_the_reference_stands_beside_each_size_of_model() -> None:
    rows = (row(), row(model_size="none", calls=0, without_model=1), row(model_size="other"))
    shown = told(sums(*rows), shop().prices, REFERENCE, 1)
    beside = {one["model_size"]: one["reference"] for one in shown["by_model_size"]}
    assert beside["big"] == {"share": 0.3, "cost_per_turn_usd": 0.05}
    assert beside["none"] == {"share": 0.3, "cost_per_turn_usd": 0.001}
    assert beside["other"] is None
    assert shown["reference"]["cost_per_turn_usd"] == pytest.approx(0.0201)


def test_books_without_a_turn_divide_by_nothing() -> None:
    empty = Sums([], [], {"sessions": 0}, {"calls": 0})
    shown = told(empty, shop().prices, REFERENCE, 1)
    assert shown["total"]["cost_per_turn_usd"] is None
    assert shown["sessions"]["cost_per_session_usd"] is None
    assert not shown["simulated"]


async def test_money_of_some_days_is_asked_for() -> None:
    books = Books(sums(row()))
    async with serving(books) as client:
        assert (await client.get("/money")).json()["days"] == 1
        assert (await client.get("/money?days=7")).json()["days"] == 7
        for wrong in ("0", "-1", "367", "week", "²"):
            refused = await client.get("/money", params={"days": wrong})
            assert refused.status_code == 422
    assert books.days == [1, 7]


async def test_books_that_are_away_are_said_to_be() -> None:
    async with serving(Books()) as client:
        answer = await client.get("/money")
        live = await client.get("/live")
    assert (answer.status_code, answer.json()["error"]) == (503, "the books cannot be reached")
    assert set(live.json()["windows"]) == {"1m", "5m"}


async def test_the_page_holds_all_it_needs_and_lets_nothing_else_in() -> None:
    async with serving(Books()) as client:
        page, script = await client.get("/"), await client.get("/page.js")
        style = await client.get("/page.css")
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert "http" not in page.text
    assert "innerHTML" not in script.text
    assert style.headers["content-type"].startswith("text/css")


async def test_metrics_count_what_is_booked_for_the_first_time() -> None:
    metrics, sent = Metrics(), replies(20)
    stamp = sent[0].asked_at + 1450
    entries = [entry_of(one, Place(0, at, stamp), shop().prices) for at, one in enumerate(sent)]
    metrics.written(Written(entries, again=3, refused=1))
    metrics.unreadable("invalid_json")
    metrics.adjusted(2)
    metrics.stands(lag=5, share_without_model=0.6)
    async with serving(Books(), metrics) as client:
        text = (await client.get("/metrics")).text
    assert (
        'tierwise_ledger_turns_total{model_size="big",simulated="true",status="completed",'
        'tier="llm",use_case="chitchat"} 4.0'
    ) in text
    assert "tierwise_ledger_again_total 3.0" in text
    assert 'tierwise_ledger_unreadable_total{reason="invalid_json"} 1.0' in text
    assert "tierwise_ledger_adjusted_total 2.0" in text
    assert "tierwise_ledger_lag 5.0" in text
    assert "tierwise_ledger_share_without_model 0.6" in text
    assert 'model="sonnet-5-5",simulated="true"' in text
    at_1400 = 'tierwise_ledger_turn_seconds_bucket{le="1.4",tier="template",use_case="chitchat"}'
    at_1500 = at_1400.replace("1.4", "1.5")
    counts = {line.rsplit(" ", 1)[0]: line.rsplit(" ", 1)[1] for line in text.splitlines()}
    assert (counts[at_1400], counts[at_1500]) == ("0.0", "12.0")


def test_the_targets_are_bounds_of_the_histogram() -> None:
    assert {0.12, 0.9, 1.2, 1.4, 1.5} <= set(SLO_S)
