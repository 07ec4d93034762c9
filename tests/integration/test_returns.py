"""Returns on a real PostgreSQL: dialogues that end in rows, each effect once, own orders only."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from suites.people import KEY, key_of
from suites.reference_shop import shop

from devkit.stack.stack import Stack
from events.context import Context
from events.decision import Decision, Evidence
from events.envelope import Auth, Identity, sign
from events.reply import Reply
from events.route import Route
from events.tier import Tier
from events.turn import Turn
from order.desk import Desk
from order.handler import handle
from order.repository import Repository, open_repository
from order.returns.facts import Opened
from order.returns.wish import Choice, Kind, Wish
from order.seed import load
from worker.handler import Outcome, Unavailable

CUSTOMERS = Path(__file__).parents[2] / "playbook" / "seed" / "customers.yaml"
DESK = Desk(shop())
TABLES = ("return_label", "return_request", "return_refund", "return_exchange")
WHOLE = Wish(
    order_id="NRT618", lines=(1,), reason="disliked", choice=Choice.REFUND, kind=Kind.PARCEL
)


@pytest.fixture
async def admin(infra: Stack) -> AsyncIterator[asyncpg.Connection]:
    """The superuser's connection, on orders without any return."""
    await load(infra.admin_dsn, CUSTOMERS)
    connection = await asyncpg.connect(infra.admin_dsn)
    yield connection
    await connection.close()


@pytest.fixture
async def orders(infra: Stack, admin: asyncpg.Connection) -> AsyncIterator[Repository]:
    async with open_repository(infra.dsn("order")) as repository:
        yield repository


def plain(outcome: Outcome) -> Reply:
    return outcome.fallback if isinstance(outcome, Route) else outcome


@dataclass
class Chat:
    """One session of a signed-in customer."""

    orders: Repository
    customer: str = "c-aiko"
    context: Context = field(default_factory=Context)
    session: str = field(default_factory=lambda: uuid.uuid4().hex)

    def turn(self, text: str, **slots: str) -> Turn:
        turn_id = uuid.uuid4().hex
        envelope = sign(
            KEY,
            "web",
            session_id=self.session,
            turn_id=turn_id,
            text=text,
            issued_at=0,
            customer_id=self.customer,
        )
        decision = Decision(
            by=Evidence.FLOW,
            use_case="returns",
            tier=Tier.ORDER,
            why="a test",
            expected_cost_usd=0.001,
            playbook_version="test",
            slots=slots,
        )
        return Turn(
            session_id=self.session,
            turn_id=turn_id,
            text=text,
            envelope=envelope,
            asked_at=0,
            context=self.context,
            decision=decision,
            path=(Tier.ORDER,),
        )

    async def handled(self, turn: Turn) -> Outcome:
        return await handle(turn, orders=self.orders, desk=DESK, key_of=key_of)

    async def say(self, text: str, **slots: str) -> str:
        reply = plain(await self.handled(self.turn(text, **slots)))
        assert reply.leaves is not None
        self.context = reply.leaves
        return reply.text

    async def agreed(self) -> None:
        """The story's return, up to the summary."""
        await self.say("Help me return this, my husband bought the wrong volume")
        await self.say("volume 10 please")
        summary = await self.say("I'd rather have my money back")
        assert "Vinland Saga, volume 10, from order #NRT618" in summary


async def rows(admin: asyncpg.Connection, table: str) -> list[dict[str, object]]:
    return [dict(row) for row in await admin.fetch(f"SELECT * FROM {table} ORDER BY 1, 2")]


async def counted(admin: asyncpg.Connection) -> list[int]:
    return [await admin.fetchval(f"SELECT count(*) FROM {table}") for table in TABLES]


async def test_a_whole_dialogue_ends_in_rows(orders: Repository, admin: asyncpg.Connection) -> None:
    chat = Chat(orders)
    await chat.agreed()
    assert await counted(admin) == [0, 0, 0, 0]
    turn = chat.turn("yes")
    done = plain(await chat.handled(turn))
    (label,) = await rows(admin, "return_label")
    assert (label["session_id"], label["turn_id"]) == (chat.session, turn.turn_id)
    assert (label["order_id"], label["customer_id"]) == ("NRT618", "c-aiko")
    assert (label["kind"], label["reason"], label["choice"]) == (
        "parcel",
        "wrong_volume",
        "refund",
    )
    (request,) = await rows(admin, "return_request")
    assert (request["line_no"], request["label_no"]) == (2, label["label_no"])
    (refund,) = await rows(admin, "return_refund")
    assert (refund["amount_cents"], refund["method"], refund["state"]) == (
        2199,
        "Visa ending 4242",
        "pending",
    )
    assert await rows(admin, "return_exchange") == []
    assert str(label["label_no"]) in done.text
    assert "$21.99 goes back to Visa ending 4242" in done.text


async def test_an_exchange_names_the_volume_that_is_wanted(
    orders: Repository, admin: asyncpg.Connection
) -> None:
    chat = Chat(orders)
    await chat.say("I bought volume 9 by mistake and want to exchange it")
    await chat.say("volume 11")
    assert "we send you Vinland Saga, volume 11" in await chat.say("yes")
    (exchange,) = await rows(admin, "return_exchange")
    assert (exchange["line_no"], exchange["series"], exchange["volume"], exchange["quantity"]) == (
        1,
        "Vinland Saga",
        11,
        1,
    )
    assert await rows(admin, "return_refund") == []


async def test_damaged_books_are_sent_again_without_a_parcel(
    orders: Repository, admin: asyncpg.Connection
) -> None:
    chat = Chat(orders)
    await chat.say("I want to return both, they arrived with torn pages")
    await chat.say("new copies, please exchange them")
    assert "send a photo" in await chat.say("yes")
    assert await admin.fetchval("SELECT kind FROM return_label") == "photo"
    assert [row["volume"] for row in await rows(admin, "return_exchange")] == [9, 10]
    assert await counted(admin) == [1, 2, 0, 2]


async def test_the_turn_that_comes_again_has_one_effect_and_one_reply(
    orders: Repository, admin: asyncpg.Connection
) -> None:
    chat = Chat(orders)
    await chat.agreed()
    turn = chat.turn("yes")
    first = await chat.handled(turn)
    assert await chat.handled(turn) == first
    together = await asyncio.gather(*(chat.handled(turn) for _ in range(5)))
    assert together == [first] * 5
    assert await counted(admin) == [1, 1, 1, 0]


async def test_a_turn_that_two_workers_handle_at_once_has_one_effect(
    orders: Repository, admin: asyncpg.Connection
) -> None:
    chat = Chat(orders)
    await chat.agreed()
    turn = chat.turn("yes")
    first, *rest = await asyncio.gather(*(chat.handled(turn) for _ in range(6)))
    assert rest == [first] * 5
    assert "is open" in plain(first).text
    assert await counted(admin) == [1, 1, 1, 0]


async def test_two_turns_for_one_book_have_one_effect(
    orders: Repository, admin: asyncpg.Connection
) -> None:
    here, there = Chat(orders), Chat(orders)
    await asyncio.gather(here.agreed(), there.agreed())
    told = await asyncio.gather(here.say("yes"), there.say("yes"))
    assert sorted("There is a return for this already" in text for text in told) == [False, True]
    label_no = await admin.fetchval("SELECT label_no FROM return_label")
    assert all(label_no in text for text in told)
    assert await counted(admin) == [1, 1, 1, 0]


class LosesTheAnswer(Repository):
    """Commits, and loses the connection before the answer arrives: once."""

    lost = False

    async def open_return(self, *asked: object) -> Opened | None:
        opened = await super().open_return(*asked)  # type: ignore[arg-type]  # passed on
        if self.lost:
            return opened
        self.lost = True
        raise Unavailable("postgres", "the connection was lost")


async def test_a_lost_answer_is_told_when_the_turn_is_tried_again(
    infra: Stack, admin: asyncpg.Connection
) -> None:
    pool = asyncpg.create_pool(infra.dsn("order"), min_size=0, max_size=2)
    async with pool:
        chat = Chat(LosesTheAnswer(pool))
        await chat.agreed()
        turn = chat.turn("yes")
        with pytest.raises(Unavailable):
            await chat.handled(turn)
        assert await counted(admin) == [1, 1, 1, 0]
        reply = plain(await chat.handled(turn))
    assert await admin.fetchval("SELECT label_no FROM return_label") in reply.text
    assert "is open" in reply.text
    assert await counted(admin) == [1, 1, 1, 0]


async def test_a_dialogue_that_is_left_leaves_no_row(
    orders: Repository, admin: asyncpg.Connection
) -> None:
    chat = Chat(orders)
    await chat.agreed()
    assert "Nothing was opened" in await chat.say("cancel the return", cancel="yes")
    assert chat.context.flow is None
    assert await counted(admin) == [0, 0, 0, 0]


async def test_a_foreign_order_reads_as_unknown(orders: Repository) -> None:
    foreign = await Chat(orders, "c-bruno").say("return NRT618", order_id="NRT618")
    unknown = await Chat(orders, "c-bruno").say("return QQQ999", order_id="QQQ999")
    assert foreign.replace("NRT618", "X") == unknown.replace("QQQ999", "X")
    assert "Vinland" not in foreign
    assert "#BRN220" in foreign


LOOK_UP = "SELECT look_up_returns($1, 'web', $2, $3, 'NRT618', 5)"


async def test_a_look_up_is_for_its_customer_where_row_security_does_not_bind(
    orders: Repository, admin: asyncpg.Connection
) -> None:
    """The superuser sees every row; NRT618 is an order of c-aiko, and so is its return."""
    chat = Chat(orders)
    await chat.agreed()
    turn = chat.turn("yes")
    await chat.handled(turn)
    for customer, own in (("c-bruno", False), ("c-aiko", True)):
        asked = (customer, turn.session_id, turn.turn_id)
        found = json.loads(await admin.fetchval(LOOK_UP, *asked))
        assert ("NRT618" in {order["order_id"] for order in found["orders"]}) is own
        assert (found["opened"] is not None) is own


async def test_the_window_is_told_with_its_days(orders: Repository) -> None:
    text = await Chat(orders).say("return KMO410", order_id="KMO410")
    assert "can't be returned any more" in text
    assert "30 days" in text
    assert "#NRT618" in text
    assert "not delivered yet" in await Chat(orders).say("return ABC123", order_id="ABC123")
    assert "no delivered order" in await Chat(orders, "c-greta").say("I want to return this")


async def opened_by(orders: Repository, wish: Wish, **more: object) -> Opened | None:
    days, who = more.get("days", 30), more.get("customer", "c-aiko")
    assert isinstance(days, int)
    turn = Chat(orders, str(who)).turn("yes")
    return await orders.open_return(turn, Identity("web", str(who), Auth.SIGNED_IN), wish, days)


@pytest.mark.parametrize(
    ("wish", "more"),
    [
        (WHOLE, {"customer": "c-bruno"}),
        (WHOLE, {"days": 4}),
        (WHOLE.having(order_id="KMO410"), {}),
        (WHOLE.having(order_id="ABC123"), {}),
        (WHOLE.having(order_id="QQQ999"), {}),
        (WHOLE.having(lines=()), {}),
        (WHOLE.having(lines=(1, 1)), {}),
        (WHOLE.having(lines=(1, 3)), {}),
    ],
)
async def test_the_database_opens_nothing_it_must_not(
    orders: Repository, admin: asyncpg.Connection, wish: Wish, more: dict[str, object]
) -> None:
    assert await opened_by(orders, wish, **more) is None
    assert await counted(admin) == [0, 0, 0, 0]


async def test_the_last_day_counts_by_the_databases_date(
    orders: Repository, admin: asyncpg.Connection
) -> None:
    today = await admin.fetchval("SELECT current_date")
    change = "UPDATE shop_order SET delivered_on = $1 WHERE order_id = 'NRT618'"
    await admin.execute(change, today - timedelta(days=31))
    assert await opened_by(orders, WHOLE) is None
    await admin.execute(change, today - timedelta(days=30))
    assert await opened_by(orders, WHOLE) is not None


async def test_a_book_is_returned_once_and_all_or_nothing(
    orders: Repository, admin: asyncpg.Connection
) -> None:
    assert await opened_by(orders, WHOLE) is not None
    assert await opened_by(orders, WHOLE.having(lines=(1, 2))) is None
    assert await counted(admin) == [1, 1, 1, 0]
    second = await opened_by(orders, WHOLE.having(lines=(2,)))
    assert second is not None
    assert await counted(admin) == [2, 2, 2, 0]


@pytest.mark.parametrize("table", TABLES)
async def test_the_role_sees_own_rows_only(
    infra: Stack, orders: Repository, admin: asyncpg.Connection, table: str
) -> None:
    exchange = WHOLE.having(lines=(2,), choice=Choice.EXCHANGE)
    await opened_by(orders, WHOLE)
    await opened_by(orders, exchange)
    connection = await asyncpg.connect(infra.dsn("order"))
    try:
        seen = [await connection.fetchval(f"SELECT count(*) FROM {table}")]
        for customer in ("c-bruno", "c-aiko"):
            await connection.execute(
                "SELECT set_config('tierwise.customer_id', $1, false)", customer
            )
            seen.append(await connection.fetchval(f"SELECT count(*) FROM {table}"))
    finally:
        await connection.close()
    assert seen == [0, 0, await admin.fetchval(f"SELECT count(*) FROM {table}")]
    assert seen[2] > 0


REFUSED = [
    "DELETE FROM return_request",
    "UPDATE return_refund SET state = 'settled'",
    "UPDATE return_exchange SET volume = 1",
    "UPDATE order_line SET price_cents = 0",
    "INSERT INTO return_label (session_id, turn_id, order_id, customer_id, kind, reason, choice)"
    " VALUES ('s', 't', 'BRN220', 'c-bruno', 'parcel', 'other', 'refund')",
]


@pytest.mark.parametrize("statement", REFUSED)
async def test_the_role_may_do_nothing_else(infra: Stack, statement: str) -> None:
    connection = await asyncpg.connect(infra.dsn("order"))
    try:
        await connection.execute("SELECT set_config('tierwise.customer_id', 'c-aiko', false)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_each_turn_leaves_one_row_of_who_saw_what(
    orders: Repository, admin: asyncpg.Connection
) -> None:
    chat = Chat(orders)
    turn = chat.turn("return KMO410", order_id="KMO410")
    await chat.handled(turn)
    await chat.handled(turn)
    seen = await admin.fetch(
        "SELECT use_case, customer_id, asked_for, shown FROM order_access WHERE turn_id = $1",
        turn.turn_id,
    )
    assert [tuple(row) for row in seen] == [("returns", "c-aiko", "KMO410", ["NRT618", "KMO410"])]


async def test_postgres_away_is_said_and_the_dialogue_stays(orders: Repository) -> None:
    chat = Chat(orders)
    await chat.agreed()
    async with open_repository("postgresql://order:x@127.0.0.1:9/tierwise") as away:
        lost = Chat(away, context=chat.context)
        with pytest.raises(Unavailable):
            await lost.handled(lost.turn("yes"))
    assert chat.context.flow is not None
    assert "is open" in await chat.say("yes")
