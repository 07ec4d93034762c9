"""What customers are told is what the rows and the catalogue say: no model makes a fact."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from suites.asking import Asker, asking
from suites.reference_shop import PLAYBOOK
from suites.whole_system import System

from events.tier import Tier
from playbook.catalogue import read_catalogue
from playbook.renderer import day, money
from playbook.series import Series

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

SAYS = {
    "placed": "no payment yet",
    "paid": "is paid and waits to be packed",
    "packed": "is packed and waits",
    "shipped": "left us on",
    "delayed": "is delayed",
    "delivered": "delivered your order",
    "cancelled": "was cancelled",
    "returned": "Your return of order",
    "refunded": "was returned, and the money went back",
}
DATES = {
    "shipped": ("shipped_on", "due_on"),
    "delivered": ("delivered_on",),
    "delayed": ("placed_on", "promised_on", "due_on"),
    "packed": ("placed_on", "due_on"),
}
TITLES = ("Vinland Saga", "Monster", "Berserk", "Death Note", "One Piece", "Nana")
CATALOGUE: Mapping[str, Series] = {
    one.title: one for one in read_catalogue(PLAYBOOK / "catalogue" / "series.jsonl")
}
BY_ID = {one.id: one for one in CATALOGUE.values()}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def asker(system: System) -> AsyncIterator[Asker]:
    async with asking(system) as asker:
        yield asker


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def rows(system: System) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(system.stack.admin_dsn)
    yield connection
    await connection.close()


async def order_of(rows: asyncpg.Connection, order_id: str) -> Mapping[str, Any]:
    found = await rows.fetchrow("SELECT * FROM shop_order WHERE order_id = $1", order_id)
    assert found is not None
    return dict(found)


async def told_of(asker: Asker, row: Mapping[str, Any]) -> str:
    text = f"Where is my order #{row['order_id']}"
    reply = await asker.ask(text, customer=row["customer_id"])
    assert reply.tier is Tier.ORDER
    return reply.text


def agrees(text: str, row: Mapping[str, Any]) -> None:
    """The state's own words and no other state's, its dates, its carrier and its number."""
    said = {state for state, words in SAYS.items() if words in text}
    assert said == {row["state"]}, text
    dates = [row[name] for name in DATES.get(row["state"], ()) if row[name]]
    assert [one for one in dates if day(one) not in text] == []
    if row["state"] in ("shipped", "delivered", "delayed") and row["tracking_no"]:
        assert row["tracking_no"] in text
        assert row["carrier"] in text


async def test_the_status_of_every_order_is_its_row(asker: Asker, rows: asyncpg.Connection) -> None:
    found = await rows.fetch("SELECT * FROM shop_order ORDER BY order_id")
    orders = [dict(row) for row in found]
    assert len({row["state"] for row in orders}) >= len(SAYS)
    for row in orders:
        agrees(await told_of(asker, row), row)


async def test_a_row_that_changes_changes_what_is_told(
    asker: Asker, rows: asyncpg.Connection
) -> None:
    before = await order_of(rows, "WXY930")
    agrees(await told_of(asker, before), before)
    await rows.execute(
        "UPDATE shop_order SET state = 'delivered', delivered_on = current_date - 1,"
        " tracking_no = 'CHANGED-77' WHERE order_id = 'WXY930'"
    )
    try:
        after = await order_of(rows, "WXY930")
        text = await told_of(asker, after)
        agrees(text, after)
        assert "CHANGED-77" in text
    finally:
        await rows.execute(
            "UPDATE shop_order SET state = $1, delivered_on = $2, tracking_no = $3"
            " WHERE order_id = 'WXY930'",
            *(before[name] for name in ("state", "delivered_on", "tracking_no")),
        )


@pytest.mark.parametrize("title", TITLES)
async def test_a_series_has_as_many_volumes_as_the_catalogue_says(asker: Asker, title: str) -> None:
    reply = await asker.ask(f"How many volumes does {title} have?")
    assert (reply.tier, reply.usage) == (Tier.RAG, ())
    assert f"{title} has {CATALOGUE[title].volumes} volumes" in reply.text
    assert [(one.kind, one.ref) for one in reply.sources] == [("catalogue", CATALOGUE[title].id)]


@pytest.mark.parametrize("title", TITLES)
async def test_price_and_stock_of_a_volume_are_its_row(
    asker: Asker, rows: asyncpg.Connection, title: str
) -> None:
    copies = await rows.fetch(
        "(SELECT * FROM stock WHERE series_id = $1 AND available ORDER BY volume LIMIT 1)"
        " UNION ALL"
        " (SELECT * FROM stock WHERE series_id = $1 AND NOT available ORDER BY volume LIMIT 1)",
        CATALOGUE[title].id,
    )
    assert copies
    for copy in copies:
        reply = await asker.ask(f"Is {title} volume {copy['volume']} in stock?")
        assert (reply.tier, reply.usage) == (Tier.RAG, ())
        assert f"costs {money(copy['price_cents'])}" in reply.text or "price" not in reply.text
        assert ("out of stock" not in reply.text) is copy["available"]
        assert ("stock", CATALOGUE[title].id) in [(one.kind, one.ref) for one in reply.sources]


async def test_a_price_that_changes_changes_what_is_told(
    asker: Asker, rows: asyncpg.Connection
) -> None:
    place = ("monster", 1)
    price = await rows.fetchval(
        "SELECT price_cents FROM stock WHERE series_id = $1 AND volume = $2", *place
    )
    change = "UPDATE stock SET price_cents = $3 WHERE series_id = $1 AND volume = $2"
    await rows.execute(change, *place, 123_45)
    try:
        reply = await asker.ask("How much is Monster volume 1?")
        assert "$123.45" in reply.text
    finally:
        await rows.execute(change, *place, price)


@pytest.mark.parametrize("title", ["Berserk", "Attack on Titan", "Chainsaw Man", "Vinland Saga"])
async def test_recommended_series_are_the_catalogues_and_less_violent_than_the_seed(
    asker: Asker, title: str
) -> None:
    reply = await asker.ask(f"I'm looking for something like {title} but less violent")
    assert (reply.tier, reply.degraded) == (Tier.LLM, ())
    assert {one.kind for one in reply.sources} == {"catalogue"}
    named = [BY_ID[one.ref] for one in reply.sources]
    assert [one.title for one in named] == [one.title for one in reply.sources]
    assert len(named) == 5
    assert max(one.violence for one in named) < CATALOGUE[title].violence
    lines = reply.text.splitlines()[1:]
    assert sorted(lines) == sorted(
        line for line in lines for one in named if line.startswith(f"{one.title}: ")
    )
