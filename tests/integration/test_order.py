"""The order tier on a real PostgreSQL: own rows only, one audit row a turn, honest when away."""

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from devkit.stack.stack import Stack
from events.decision import Decision, Evidence
from events.envelope import sign
from events.reply import Reply
from events.tier import Tier
from events.turn import Turn
from order.desk import Desk
from order.handler import handle
from order.repository import POOL_SIZE, Repository, open_repository
from order.seed import load, read_seed
from playbook.shop import load_shop
from worker.handler import Unavailable

PLAYBOOK = Path(__file__).parents[2] / "playbook"
CUSTOMERS = PLAYBOOK / "seed" / "customers.yaml"
KEY = Ed25519PrivateKey.generate()
DESK = Desk(load_shop(PLAYBOOK))
OWNED_TABLES = ("customer", "shop_order", "order_line", "charge")


@pytest.fixture(scope="module")
def seeded(infra: Stack) -> Stack:
    asyncio.run(load(infra.admin_dsn, CUSTOMERS))
    return infra


@pytest.fixture
async def orders(seeded: Stack) -> AsyncIterator[Repository]:
    async with open_repository(seeded.dsn("order")) as repository:
        yield repository


@pytest.fixture
async def admin(seeded: Stack) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(seeded.admin_dsn)
    yield connection
    await connection.close()


def asked(
    customer: str | None, use_case: str = "order_tracking", slots: dict[str, str] | None = None
) -> Turn:
    session, turn = uuid.uuid4().hex, uuid.uuid4().hex
    envelope = sign(
        KEY, "web", session_id=session, turn_id=turn, text="?", issued_at=0, customer_id=customer
    )
    decision = Decision(
        by=Evidence.RULE,
        use_case=use_case,
        tier=Tier.ORDER,
        why="a test",
        expected_cost_usd=0.001,
        playbook_version="test",
        slots=slots or {},
    )
    return Turn(
        session_id=session,
        turn_id=turn,
        text="?",
        envelope=envelope,
        asked_at=0,
        decision=decision,
        path=(Tier.ORDER,),
    )


async def answer(turn: Turn, orders: Repository) -> Reply:
    outcome = await handle(turn, orders=orders, desk=DESK, key_of=lambda name: KEY.public_key())
    assert isinstance(outcome, Reply)
    return outcome


async def tracked(orders: Repository, customer: str, order_id: str) -> str:
    return (await answer(asked(customer, slots={"order_id": order_id}), orders)).text


async def test_tells_the_state_of_an_own_order(orders: Repository) -> None:
    text = await tracked(orders, "c-aiko", "ABC123")
    assert "#ABC123" in text
    assert "Berserk 1–3" in text
    assert "1Z999AA10123456784" in text


@pytest.mark.parametrize(
    ("customer", "order_id"),
    [(one.id, order.id) for one in read_seed(CUSTOMERS).customers for order in one.orders],
)
async def test_each_seeded_order_is_told(orders: Repository, customer: str, order_id: str) -> None:
    assert f"#{order_id}" in await tracked(orders, customer, order_id)


async def test_unknown_and_foreign_orders_read_the_same(orders: Repository) -> None:
    foreign = await tracked(orders, "c-aiko", "DEF456")
    unknown = await tracked(orders, "c-aiko", "QQQ999")
    assert foreign.replace("DEF456", "X") == unknown.replace("QQQ999", "X")
    assert "DEF456" in await tracked(orders, "c-bruno", "DEF456")
    assert "delayed" in await tracked(orders, "c-bruno", "DEF456")


LOOK_UP = "SELECT look_up_orders($1, 'web', $2, 't', 'order_tracking', 'DEF456', false, 5)"


async def test_a_look_up_is_for_its_customer_where_row_security_does_not_bind(
    admin: asyncpg.Connection,
) -> None:
    """The superuser sees every row; DEF456 is an order of c-bruno."""
    for customer, seen in (("c-aiko", []), ("c-bruno", ["DEF456"])):
        found = json.loads(await admin.fetchval(LOOK_UP, customer, uuid.uuid4().hex))
        assert [order["order_id"] for order in found["orders"]] == seen


async def test_asks_which_of_several_open_orders(orders: Repository) -> None:
    reply = await answer(asked("c-aiko"), orders)
    assert reply.leaves is not None
    assert reply.leaves.question is not None
    options = {option.value: option.label for option in reply.leaves.question.options}
    assert set(options) == {"ABC123", "XYZ789"}
    assert options["ABC123"].startswith("#ABC123, Berserk 1–3, ")


async def test_the_only_open_order_needs_no_question(orders: Repository) -> None:
    reply = await answer(asked("c-bruno"), orders)
    assert "#DEF456" in reply.text
    assert reply.leaves is not None
    assert reply.leaves.entities == {"order_id": "DEF456"}


async def test_no_open_order_is_said(orders: Repository) -> None:
    assert "no open order" in (await answer(asked("c-greta"), orders)).text


async def test_lists_all_orders_on_demand(orders: Repository) -> None:
    text = (await answer(asked("c-aiko", slots={"which": "all"}), orders)).text
    assert [order in text for order in ("ABC123", "XYZ789", "KMO410", "DEF456")] == [
        True,
        True,
        True,
        False,
    ]


async def test_admits_a_charge_taken_twice(orders: Repository) -> None:
    twice = await answer(asked("c-bruno", "billing", {"order_id": "BRN220"}), orders)
    assert "$34.95 was charged twice" in twice.text
    once = await answer(asked("c-aiko", "billing", {"order_id": "ABC123"}), orders)
    assert "charged twice" not in once.text
    assert "KM-20871" in once.text


async def test_an_answered_turn_leaves_one_row(
    orders: Repository, admin: asyncpg.Connection
) -> None:
    turn = asked("c-aiko", slots={"order_id": "ABC123"})
    await answer(turn, orders)
    await answer(turn, orders)
    rows = await admin.fetch(
        "SELECT customer_id, shown FROM order_access WHERE turn_id = $1", turn.turn_id
    )
    assert [tuple(row) for row in rows] == [("c-aiko", ["ABC123"])]


async def test_a_visitor_is_asked_to_sign_in_and_noted(
    orders: Repository, admin: asyncpg.Connection
) -> None:
    turn = asked(None, slots={"order_id": "ABC123"})
    reply = await answer(turn, orders)
    assert "sign in" in reply.text
    shown = await admin.fetchval("SELECT shown FROM order_access WHERE turn_id = $1", turn.turn_id)
    assert shown == []


@pytest.mark.parametrize("table", OWNED_TABLES)
async def test_without_a_customer_the_role_sees_no_row(seeded: Stack, table: str) -> None:
    connection = await asyncpg.connect(seeded.dsn("order"))
    try:
        assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0
        await connection.execute("SELECT set_config('tierwise.customer_id', 'c-aiko', false)")
        rows = await connection.fetch(f"SELECT DISTINCT customer_id FROM {table}")
    finally:
        await connection.close()
    assert [row["customer_id"] for row in rows] == ["c-aiko"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE shop_order SET state = 'refunded'",
        "DELETE FROM charge",
        "SELECT * FROM order_access",
        "INSERT INTO customer VALUES ('c-eve', 'Eve')",
    ],
)
async def test_the_role_may_do_nothing_else(seeded: Stack, statement: str) -> None:
    connection = await asyncpg.connect(seeded.dsn("order"))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_the_customer_does_not_stay_on_the_connection(
    orders: Repository, seeded: Stack
) -> None:
    for _ in range(POOL_SIZE):
        await tracked(orders, "c-aiko", "ABC123")
    assert "can't find" in await tracked(orders, "c-bruno", "ABC123")


async def test_postgres_away_is_said_at_once() -> None:
    started = time.monotonic()
    async with open_repository("postgresql://order:x@127.0.0.1:9/tierwise") as away:
        with pytest.raises(Unavailable) as failure:
            await tracked(away, "c-aiko", "ABC123")
    assert failure.value.dependency == "postgres"
    assert time.monotonic() - started < 10  # asyncpg alone would try for a minute


async def test_who_waits_for_a_slow_postgres_waits_for_nobody_elses_time_out(
    orders: Repository, admin: asyncpg.Connection
) -> None:
    async with admin.transaction():
        await admin.execute("LOCK TABLE shop_order IN ACCESS EXCLUSIVE MODE")
        started = time.monotonic()
        looks = [tracked(orders, "c-aiko", "ABC123") for _ in range(20 * POOL_SIZE)]
        outcomes = await asyncio.gather(*looks, return_exceptions=True)
        took = time.monotonic() - started
    assert [type(outcome) for outcome in outcomes] == [Unavailable] * len(outcomes)
    # Half a second each: one after the other, twenty pools full of them would take ten.
    assert took < 5.0
    assert "Berserk" in await tracked(orders, "c-aiko", "ABC123")


async def test_seeding_again_changes_nothing(seeded: Stack, admin: asyncpg.Connection) -> None:
    count = "SELECT (SELECT count(*) FROM shop_order), (SELECT count(*) FROM charge)"
    before = await admin.fetchrow(count)
    await load(seeded.admin_dsn, CUSTOMERS)
    assert await admin.fetchrow(count) == before
