"""The ledger on a real broker and a real Postgres: every turn once, whatever dies meanwhile."""

import asyncio
import threading
import time
import uuid
from collections.abc import Iterator, Sequence

import asyncpg
import httpx
import pytest
from suites.books import get, metric, read_all_again, until
from suites.reference_shop import PLAYBOOK
from suites.replies import Sum, publish, replies, reply, sum_of

from bus.kafka import KafkaBus
from devkit.stack.services import Plan, Service
from devkit.stack.stack import Stack
from events.reply import Reply
from events.topics import EGRESS, TOPICS
from events.wire import Message, encode
from ledger.metrics import Metrics
from ledger.repository import open_repository
from ledger.serve import Ledger
from ledger.settings import Settings

pytestmark = pytest.mark.timeout(120)

SUMS = """
SELECT count(*) AS turns, coalesce(sum(calls), 0)::int AS calls,
       coalesce(sum(input_tokens), 0)::int AS input, coalesce(sum(output_tokens), 0)::int AS output,
       coalesce(sum(cached_tokens), 0)::int AS cached,
       coalesce(sum(cache_write_tokens), 0)::int AS written, coalesce(sum(cost_usd), 0) AS cost_usd
  FROM {books} WHERE session_id = ANY ($1)
"""


@pytest.fixture(scope="module")
def ledger(infra: Stack) -> Iterator[Service]:
    plan = Plan(services=("ledger",), extra={"ledger": {"TIERWISE_DRAIN_S": "1"}})
    (started,) = asyncio.run(infra.start_services(plan))
    yield started
    asyncio.run(started.stop())


@pytest.fixture
def books(infra: Stack) -> "Books":
    return Books(infra)


class Books:
    """What the ledger has written, asked anew each time: Postgres may have been away."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    async def fetch(self, statement: str, *values: object) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self._stack.admin_dsn)
        try:
            found: list[asyncpg.Record] = await connection.fetch(statement, *values)
            return found
        finally:
            await connection.close()

    async def sums(self, sent: Sequence[Reply], books: str = "booking") -> Sum:
        sessions = list({one.session_id for one in sent})
        (row,) = await self.fetch(SUMS.format(books=books), sessions)
        tokens = row["input"], row["output"], row["cached"], row["written"]
        return Sum(row["turns"], row["calls"], tokens, row["cost_usd"])

    async def holding(self, sent: Sequence[Reply]) -> Sum:
        """The sums, as soon as every turn is in."""
        wanted = sum_of(sent)
        await until(lambda: self._has(sent, wanted.turns))
        return await self.sums(sent)

    async def _has(self, sent: Sequence[Reply], turns: int) -> bool:
        return (await self.sums(sent)).turns >= turns


async def test_every_turn_is_booked_once_to_the_last_token(
    infra: Stack, ledger: Service, books: Books
) -> None:
    sent = replies(300)
    await publish(infra.bootstrap, [*sent, *sent[::3]])
    assert await books.holding(sent) == sum_of(sent)
    assert await books.sums(sent, "money_by_turn") == sum_of(sent)
    (row,) = await books.fetch("SELECT * FROM booking WHERE turn_id = $1", sent[20].turn_id)
    told = row["tier"], row["use_case"], row["status"], row["simulated"], row["read_on"]
    assert told == ("llm", "chitchat", "completed", True, "2026-11")
    assert 250 <= row["latency_ms"] < 20_000


async def test_the_first_reply_of_a_turn_is_the_one_in_the_books(
    infra: Stack, ledger: Service, books: Books
) -> None:
    first, other = replies(2, sessions=1)
    other = other.model_copy(update={"turn_id": first.turn_id, "text": "another", "usage": ()})
    await publish(infra.bootstrap, [first, other])
    assert await books.holding([first]) == sum_of([first])


async def test_nothing_is_lost_or_doubled_by_kill_9_in_the_middle(
    infra: Stack, ledger: Service, books: Books
) -> None:
    sent = replies(3000, sessions=150)
    publishing = asyncio.create_task(publish(infra.bootstrap, sent))
    await until(lambda: _more_than(books, sent, 200))
    await ledger.kill()
    assert (await books.sums(sent)).turns < len(sent)
    await ledger.restart()
    await publishing
    assert await books.holding(sent) == sum_of(sent)
    await until(lambda: _caught_up(ledger))
    assert await books.sums(sent) == sum_of(sent)


async def _more_than(books: Books, sent: Sequence[Reply], turns: int) -> bool:
    return (await books.sums(sent)).turns > turns


async def _caught_up(ledger: Service) -> bool:
    return await metric(ledger, "tierwise_ledger_lag ") == 0


async def test_a_replay_of_all_of_egress_changes_no_sum_and_no_window(
    infra: Stack, ledger: Service, books: Books
) -> None:
    sent = replies(200)
    await publish(infra.bootstrap, sent)
    await books.holding(sent)
    (before,) = await books.fetch("SELECT count(*), sum(cost_usd), max(booked_at) FROM booking")
    window = (await get(ledger, "/live"))["windows"]["5m"]["turns"]
    await read_all_again(infra.bootstrap, ledger)
    await until(lambda: _read_again(ledger, before["count"]))
    (after,) = await books.fetch("SELECT count(*), sum(cost_usd), max(booked_at) FROM booking")
    assert after == before
    # Windows end: some of the turns may have left them meanwhile, none may have come.
    assert 200 <= (await get(ledger, "/live"))["windows"]["5m"]["turns"] <= window


async def _read_again(ledger: Service, turns: int) -> bool:
    return await metric(ledger, "tierwise_ledger_again_total ") >= turns


async def test_nothing_is_lost_while_postgres_is_away(
    infra: Stack, ledger: Service, books: Books
) -> None:
    sent = replies(1500, sessions=100)
    await publish(infra.bootstrap, sent[:500])
    await books.holding(sent[:500])
    await infra.postgres.kill()
    try:
        await publish(infra.bootstrap, sent[500:])
        async with httpx.AsyncClient(trust_env=False) as client:
            ready = await client.get(f"{ledger.health_url}/readyz")
        assert ready.status_code == 503
        assert "books cannot be reached" in ready.json()["why"]
    finally:
        await infra.postgres.start()
    assert await books.holding(sent) == sum_of(sent)


async def test_a_ledger_that_is_stopped_while_postgres_is_away_forgets_nothing(
    infra: Stack, ledger: Service, books: Books
) -> None:
    sent = replies(500)
    await infra.postgres.kill()
    try:
        await publish(infra.bootstrap, sent)
        await asyncio.sleep(1)
        await ledger.stop()
    finally:
        await infra.postgres.start()
    assert (await books.sums(sent)).turns == 0
    await ledger.restart()
    assert await books.holding(sent) == sum_of(sent)


async def test_it_goes_on_after_the_broker_was_killed(
    infra: Stack, ledger: Service, books: Books
) -> None:
    sent = replies(200)
    await publish(infra.bootstrap, sent[:100])
    await infra.kafka.kill()
    await infra.kafka.restart()
    await publish(infra.bootstrap, sent[100:])
    assert await books.holding(sent) == sum_of(sent)
    assert ledger.child.alive


async def test_two_ledgers_share_the_partitions_and_book_every_turn_once(
    infra: Stack, ledger: Service, books: Books
) -> None:
    sent = replies(3000, sessions=100)
    publishing = asyncio.create_task(publish(infra.bootstrap, sent))
    second = (await infra.start_services(Plan(services=("ledger",))))[0]
    await publishing
    await second.stop()
    assert await books.holding(sent) == sum_of(sent)


async def test_what_is_no_reply_stops_nothing(infra: Stack, ledger: Service, books: Books) -> None:
    before = await metric(ledger, "tierwise_ledger_unreadable_total")
    session = f"ledger-{uuid.uuid4().hex}"
    good = reply(session, 1)
    broken = encode(good, "test")
    async with KafkaBus(infra.bootstrap).producer("test") as producer:
        await producer.send(EGRESS, Message(session.encode(), b"{", broken.headers))
        await producer.send(EGRESS, Message(session.encode(), b"\xff", {}))
        await producer.send(EGRESS, encode(good, "test"))
    assert await books.holding([good]) == sum_of([good])
    assert await metric(ledger, "tierwise_ledger_unreadable_total") == before + 2


async def test_it_ends_well_within_its_grace(infra: Stack, ledger: Service) -> None:
    began = time.monotonic()
    await ledger.stop()
    assert time.monotonic() - began < 10  # it is killed after fifteen
    assert ledger.child._process is not None
    assert ledger.child._process.returncode == 0
    await ledger.restart()


async def test_it_makes_no_topic(infra: Stack, ledger: Service) -> None:
    from aiokafka.admin import AIOKafkaAdminClient  # noqa: TID251 - no port lists topics

    admin = AIOKafkaAdminClient(bootstrap_servers=infra.bootstrap)
    await admin.start()
    try:
        found = set(await admin.list_topics())
    finally:
        await admin.close()
    assert found - {"__consumer_offsets"} == {spec.name for spec in TOPICS}


async def test_a_call_that_no_reply_carries_is_booked_once_its_bill_is_known(
    infra: Stack, ledger: Service, books: Books
) -> None:
    sent = reply(f"ledger-{uuid.uuid4().hex}", 5)
    (used,) = sent.usage
    lost, carried = uuid.uuid4().hex, uuid.uuid4().hex
    await _called(books, sent, lost, "unknown")
    await _called(books, sent, carried, "billed")
    await publish(infra.bootstrap, [sent])
    await books.holding([sent])
    where = "WHERE session_id = $1"
    assert not await books.fetch(f"SELECT * FROM money_difference {where}", sent.session_id)
    assert await books.fetch(f"SELECT * FROM money_open {where}", sent.session_id)
    await books.fetch("UPDATE llm_call SET state = 'reconciled' WHERE call_id = $1", lost)
    adjusted = f"SELECT * FROM adjustment {where}"
    await until(lambda: _some(books, adjusted, sent.session_id))
    await asyncio.sleep(0.5)
    (row,) = await books.fetch(adjusted, sent.session_id)
    assert (row["model"], row["output_tokens"]) == (used.model, used.output_tokens)
    (turn,) = await books.fetch(f"SELECT * FROM money_by_turn {where}", sent.session_id)
    assert (turn["calls"], turn["cost_usd"]) == (2, 2 * row["cost_usd"])
    assert not await books.fetch(f"SELECT * FROM money_difference {where}", sent.session_id)


async def _some(books: Books, statement: str, session: str) -> bool:
    return bool(await books.fetch(statement, session))


async def _called(books: Books, sent: Reply, call_id: str, state: str) -> None:
    (used,) = sent.usage
    tokens = (
        used.input_tokens,
        used.output_tokens,
        used.cached_tokens,
        used.cache_write_tokens,
    )
    await books.fetch(
        "INSERT INTO llm_call (session_id, call_id, turn_id, epoch, model, state, input_tokens,"
        " output_tokens, cached_tokens, cache_write_tokens, cost_usd, reserved_usd, simulated,"
        " read_on) VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, 0.1, true, '2026-11')",
        *(sent.session_id, call_id, sent.turn_id, used.model, state, *tokens),
        sum_of([sent]).cost_usd,
    )


async def test_the_view_shows_the_figures(infra: Stack, ledger: Service, books: Books) -> None:
    sent = replies(100)
    await publish(infra.bootstrap, sent)
    await books.holding(sent)
    money = await get(ledger, "/money?days=2")
    assert money["total"]["turns"] >= 100
    assert money["prices"]["read_on"] == "2026-11"
    assert {row["model"] for row in money["by_model"]} == {"haiku-5-5", "sonnet-5-5"}
    window = (await get(ledger, "/live"))["windows"]["1m"]
    assert window["turns"] >= 100
    assert 200 < window["p50_ms"] < 20_000
    async with httpx.AsyncClient(trust_env=False) as client:
        page = await client.get(ledger.url)
        wrong = await client.get(f"{ledger.url}/money?days=0")
    assert "<title>Tierwise: ledger</title>" in page.text
    assert wrong.status_code == 422


async def test_a_reading_that_fails_is_followed_by_another(
    infra: Stack, ledger: Service, books: Books
) -> None:
    await ledger.stop()
    settings = Settings(kafka=infra.bootstrap, postgres=infra.dsn("ledger"), playbook=PLAYBOOK)
    sent, stop = replies(200), asyncio.Event()
    async with open_repository(settings.postgres) as repository:
        own = Ledger(settings, repository, Metrics())
        first = own.reading
        running = asyncio.create_task(own.run(stop))
        await publish(infra.bootstrap, sent[:100])
        await books.holding(sent[:100])
        threads = threading.active_count()
        first._positions.read = lambda *_: False  # type: ignore[method-assign]  # a gap in the log
        await publish(infra.bootstrap, sent[100:])
        assert await books.holding(sent) == sum_of(sent)
        assert own.reading is not first
        assert threading.active_count() <= threads
        stop.set()
        await running
    await ledger.restart()
