"""The models' tier on a real PostgreSQL, against the simulated provider as a process."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from functools import partial

import asyncpg
import pytest
from suites.books import until
from suites.model_desk import PLAIN, Shown, asked, kit, models, replied
from suites.reference_shop import shop

from devkit.money.balance import balanced
from devkit.simulator.client import SimulatorClient
from devkit.simulator.fault import Fault
from devkit.simulator.fault import Kind as Broken
from devkit.stack.process import Guard
from devkit.stack.simulator import Simulator
from devkit.stack.stack import Stack
from events.task import Task
from events.turn import Turn
from ledger.repository import open_repository as open_books
from llm.models.failure import Kind
from llm.models.model import Model
from llm.models.provider import Provider, open_provider
from llm.money.call import Bill, BillState, Call, Ending
from llm.money.chores import Chores
from llm.money.claims import Claims
from llm.money.lease import held
from llm.money.repository import Repository, open_repository
from llm.prompt import Prompter
from llm.underway import Underway
from playbook.use_case import Size
from worker.handler import Unavailable


def impatient(kind: Kind) -> dict[Size, Model]:
    """Models that are soon given up in this way, and in no other way on a busy machine."""
    first_event_s = 0.5 if kind is Kind.HUNG else 30.0
    stall_s = 0.5 if kind is Kind.STALLED else 30.0
    return models(first_event_s=first_event_s, stall_s=stall_s, total_s=60.0)


@pytest.fixture(scope="module")
def simulator(infra: Stack) -> Iterator[SimulatorClient]:
    guard = Guard()
    extra = {"TIERWISE_SIMULATOR_SPEED": "20"}
    server = Simulator(infra.project, infra.run, extra, guard)
    asyncio.run(server.start())
    asyncio.run(_forget_calls(infra.admin_dsn))
    yield SimulatorClient(server.url)
    asyncio.run(server.stop())
    guard.close()


async def _forget_calls(dsn: str) -> None:
    """The database is shared: what other tests wrote is in no book of this simulator."""
    connection = await asyncpg.connect(dsn)
    await connection.execute("TRUNCATE llm_call, claim, session_spend")
    await connection.close()


@pytest.fixture
async def provider(simulator: SimulatorClient) -> AsyncIterator[Provider]:
    await simulator.heal()
    async with open_provider(None, simulator.url, 8) as opened:
        yield opened


@pytest.fixture
async def rows(infra: Stack) -> AsyncIterator[Repository]:
    async with open_repository(infra.dsn("llm")) as opened:
        yield opened


@pytest.fixture
async def admin(infra: Stack) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(infra.admin_dsn)
    yield connection
    await connection.close()


def new_turn(task: Task = Task.ANSWER) -> Turn:
    return asked(task, session=f"llm-{uuid.uuid4().hex[:12]}")


def call(usd: float = 0.01, cap_usd: float = 0.25) -> Call:
    return Call("sonnet-5-5", usd, cap_usd, True, "2026-11")


async def calls_of(admin: asyncpg.Connection, turn: Turn) -> list[tuple[str, str | None]]:
    """State and reason of each call of a turn, in order."""
    rows = await admin.fetch(
        "SELECT state, why FROM llm_call WHERE session_id = $1 ORDER BY started_at, call_id",
        turn.session_id,
    )
    return [(row["state"], row["why"]) for row in rows]


async def claim_of(admin: asyncpg.Connection, turn: Turn) -> tuple[int, str]:
    row = await admin.fetchrow(
        "SELECT epoch, state FROM claim WHERE session_id = $1", turn.session_id
    )
    assert row is not None
    return row["epoch"], row["state"]


async def spend_of(admin: asyncpg.Connection, turn: Turn) -> tuple[float, float]:
    """Reserved and spent, in USD."""
    row = await admin.fetchrow(
        "SELECT reserved_usd, spent_usd FROM session_spend WHERE session_id = $1", turn.session_id
    )
    assert row is not None
    return float(row["reserved_usd"]), float(row["spent_usd"])


def claims(rows: Repository, owner: uuid.UUID | None = None) -> Claims:
    return Claims(rows, owner or uuid.uuid4(), Chores())


# -- answers and their money


@pytest.mark.parametrize("task", list(Task))
async def test_an_answer_is_shown_settled_and_booked(
    task: Task, rows: Repository, provider: Provider, admin: asyncpg.Connection
) -> None:
    screen, one = Shown(), new_turn(task)
    reply = await replied(kit(claims(rows), provider, screen=screen), one)
    assert not reply.degraded
    assert screen.text() == ("" if task is Task.WARM else reply.text)
    assert await claim_of(admin, one) == (1, "settled")
    assert await calls_of(admin, one) == [("billed", None)]
    (usage,) = reply.usage
    assert await spend_of(admin, one) == (0.0, usage.cost_usd)
    assert usage.cost_usd > 0


async def test_a_redelivered_turn_is_told_again_and_not_paid_again(
    rows: Repository, provider: Provider, admin: asyncpg.Connection
) -> None:
    one = new_turn()
    first = await replied(kit(claims(rows), provider), one)
    assert await replied(kit(claims(rows), provider), one) == first
    assert len(await calls_of(admin, one)) == 1


async def test_the_sums_are_those_of_the_prices(
    rows: Repository, provider: Provider, admin: asyncpg.Connection
) -> None:
    one = new_turn()
    (usage,) = (await replied(kit(claims(rows), provider), one)).usage
    row = await admin.fetchrow("SELECT * FROM llm_call WHERE session_id = $1", one.session_id)
    assert row is not None
    counts = [row[f"{kind}_tokens"] for kind in ("input", "output", "cached", "cache_write")]
    assert counts == [
        usage.input_tokens,
        usage.output_tokens,
        usage.cached_tokens,
        usage.cache_write_tokens,
    ]
    assert float(row["cost_usd"]) == usage.cost_usd < float(row["reserved_usd"])
    assert row["simulated"]
    assert row["read_on"] == "2026-11"


# -- who answers


async def test_of_two_owners_one_is_paid_and_both_tell_the_same(
    rows: Repository, provider: Provider, admin: asyncpg.Connection
) -> None:
    one = new_turn()
    async with held(rows) as this, held(rows) as that:
        pair = [kit(claims(rows, owner), provider) for owner in (this, that)]
        replies = await asyncio.gather(*(replied(each, one) for each in pair))
    assert replies[0] == replies[1]
    assert await calls_of(admin, one) == [("billed", None)]


async def test_a_race_of_many_has_one_winner(rows: Repository) -> None:
    one = new_turn()
    owners = [uuid.uuid4() for _ in range(20)]
    took = await asyncio.gather(*(rows.take(one, owner, call()) for owner in owners))
    assert sorted(one.outcome for one in took) == ["busy"] * 19 + ["taken"]


async def lapse(admin: asyncpg.Connection, owner: uuid.UUID) -> None:
    """As if the owner had not been heard of for eight seconds."""
    await admin.execute(
        "UPDATE claim_owner SET lease_until = now() - interval '1 ms' WHERE owner = $1", owner
    )


async def test_a_live_owners_turn_waits_and_a_dead_ones_is_taken_with_the_next_epoch(
    rows: Repository, admin: asyncpg.Connection
) -> None:
    one, dead, heir = new_turn(), uuid.uuid4(), uuid.uuid4()
    assert (await rows.take(one, dead, call())).outcome == "taken"
    assert (await rows.take(one, heir, call())).outcome == "busy"
    assert (await rows.look(one)).state == "running"  # type: ignore[union-attr]  # it was taken
    await lapse(admin, dead)
    assert (await rows.look(one)).state == "lapsed"  # type: ignore[union-attr]  # it was taken
    took = await rows.take(one, heir, call())
    assert (took.outcome, took.epoch) == ("taken", 2)
    assert await calls_of(admin, one) == [("unknown", "taken over"), ("started", None)]
    assert await spend_of(admin, one) == (0.02, 0.0)


async def test_an_owner_takes_its_own_turn_again_after_a_rebalance(rows: Repository) -> None:
    one, owner = new_turn(), uuid.uuid4()
    await rows.take(one, owner, call())
    took = await rows.take(one, owner, call())
    assert (took.outcome, took.epoch) == ("taken", 2)


async def test_a_zombie_settles_nothing_and_its_bill_is_booked(
    rows: Repository, admin: asyncpg.Connection
) -> None:
    one, zombie, heir = new_turn(), uuid.uuid4(), uuid.uuid4()
    theirs, ours = call(), call()
    await rows.take(one, zombie, theirs)
    await lapse(admin, zombie)
    await rows.take(one, heir, ours)
    # Without tokens: the simulator knows nothing of it, and the sums below leave it out.
    bill = Bill(BillState.BILLED, cost_usd=0.003)
    place = (one.session_id, one.turn_id)
    late = Ending(*place, 1, theirs.call_id, bill, one.reply("the zombie's"))
    assert not await rows.end(late)
    assert await claim_of(admin, one) == (2, "running")
    won = Ending(*place, 2, ours.call_id, bill, one.reply("the heir's"))
    assert await rows.end(won)
    assert not await rows.end(late)
    found = await rows.look(one)
    assert found is not None
    assert found.reply is not None
    assert found.reply.text == "the heir's"
    assert await spend_of(admin, one) == (0.0, 0.006)


async def test_a_worker_that_ends_leaves_its_turns_at_once(
    rows: Repository, admin: asyncpg.Connection
) -> None:
    one = new_turn()
    async with held(rows) as owner:
        await rows.take(one, owner, call())
    assert (await rows.take(one, uuid.uuid4(), call())).epoch == 2


async def _ended(admin: asyncpg.Connection, turn: Turn) -> bool:
    return ("started", None) not in await calls_of(admin, turn)


async def test_a_turn_cut_at_the_end_is_taken_by_the_next_without_waiting_for_a_lease(
    rows: Repository, provider: Provider, simulator: SimulatorClient, admin: asyncpg.Connection
) -> None:
    await simulator.faults(Fault(kind=Broken.STALL, count=1))
    one, chores, known = new_turn(), Chores(), len(await simulator.book())
    underway = Underway()
    async with held(rows) as owner:
        ours = kit(Claims(rows, owner, chores), provider, known=impatient(Kind.CUT))
        working = asyncio.create_task(replied(ours, one, underway))
        async with asyncio.timeout(20):
            while len(await simulator.book()) == known:
                await asyncio.sleep(0.02)
        working.cancel()
        await asyncio.wait((working,))
        assert await calls_of(admin, one) == [("started", None)], "it goes on, for its next owner"
        await underway.end()
        await until(partial(_ended, admin, one))
        assert await calls_of(admin, one) == [("unknown", "CancelledError")]
        reply = await replied(kit(claims(rows), provider), one)
    assert (reply.epoch, reply.degraded) == (2, ())


# -- the session's cap


async def test_a_reached_cap_sends_the_fallback_and_holds(
    rows: Repository, provider: Provider, admin: asyncpg.Connection
) -> None:
    one = new_turn()
    most = models()[Size.BIG].worst(Prompter(shop()).request(one, Task.ANSWER).system)[1]
    desk = kit(claims(rows), provider, cap_usd=most * 1.1)
    degraded: list[tuple[str, ...]] = []
    while ("budget",) not in degraded:
        assert len(degraded) < 20
        again = one.model_copy(update={"turn_id": uuid.uuid4().hex})
        degraded.append((await replied(desk, again)).degraded)
    assert degraded[0] == ()
    reserved, spent = await spend_of(admin, one)
    assert reserved == 0
    assert 0 < spent <= most * 1.1
    assert len(await calls_of(admin, one)) == len(degraded) - 1


async def test_calls_at_once_do_not_pass_the_cap_together(
    rows: Repository, admin: asyncpg.Connection
) -> None:
    one = new_turn()
    turns = [one.model_copy(update={"turn_id": uuid.uuid4().hex}) for _ in range(10)]
    taking = (rows.take(each, uuid.uuid4(), call(0.02, cap_usd=0.05)) for each in turns)
    outcomes = [took.outcome for took in await asyncio.gather(*taking)]
    assert sorted(outcomes) == ["over"] * 8 + ["taken"] * 2
    assert await spend_of(admin, one) == (0.04, 0.0)


async def age(admin: asyncpg.Connection, turn: Turn) -> None:
    """As if the session's calls had begun twenty minutes ago."""
    await admin.execute(
        "UPDATE llm_call SET started_at = started_at - interval '20 min' WHERE session_id = $1",
        turn.session_id,
    )


async def test_a_hold_without_a_bill_stands_for_a_quarter_of_an_hour(
    infra: Stack, rows: Repository, admin: asyncpg.Connection
) -> None:
    one, cap = new_turn(), 0.25
    lost, dead = call(0.2, cap), call(0.04, cap)
    await rows.take(one, uuid.uuid4(), lost)
    await rows.end(
        Ending(one.session_id, one.turn_id, 1, lost.call_id, Bill(BillState.UNKNOWN, why="cut"))
    )
    await rows.take(one, uuid.uuid4(), dead)
    await age(admin, one)
    new = one.model_copy(update={"turn_id": uuid.uuid4().hex})
    assert (await rows.take(new, uuid.uuid4(), call(0.2, cap))).outcome == "over"
    async with open_books(infra.dsn("ledger")) as books:
        released = await books.release(timedelta(minutes=15))
        assert released.calls >= 2
        again = await asyncio.gather(*(books.release(timedelta(minutes=15)) for _ in range(3)))
    assert [more.calls for more in again] == [0, 0, 0]
    assert await spend_of(admin, one) == (0.0, 0.0)
    assert await calls_of(admin, one) == [("unknown", "cut"), ("started", None)]
    assert (await rows.take(new, uuid.uuid4(), call(0.2, cap))).outcome == "taken"
    # What is found in the provider's book later is spent, and frees nothing a second time.
    found = Bill(BillState.RECONCILED, cost_usd=0.003)
    assert await rows.end_call(one.session_id, lost.call_id, found)
    assert await spend_of(admin, one) == (0.2, 0.003)


# -- not paid again


async def test_a_turn_is_taken_three_times(rows: Repository, admin: asyncpg.Connection) -> None:
    one = new_turn()
    took = [await rows.take(one, owner, call()) for owner in [uuid.uuid4()] * 5]
    assert [each.outcome for each in took] == ["taken"] * 3 + ["exhausted"] * 2
    assert await claim_of(admin, one) == (3, "failed")
    assert await calls_of(admin, one) == [("unknown", "taken over")] * 3


@pytest.mark.parametrize("state", ["answered", "published"])
async def test_an_answered_turn_is_not_taken(
    state: str, rows: Repository, admin: asyncpg.Connection
) -> None:
    failed, unclaimed = new_turn(), new_turn()
    first = call()
    await rows.take(failed, uuid.uuid4(), first)
    bill = Bill(BillState.UNKNOWN, why="cut")
    await rows.end(Ending(failed.session_id, failed.turn_id, 1, first.call_id, bill))
    for one in (failed, unclaimed):
        await admin.execute(
            "INSERT INTO turn (session_id, turn_id, text_sha256, state) VALUES ($1, $2, '', $3)",
            *(one.session_id, one.turn_id, state),
        )
        assert (await rows.take(one, uuid.uuid4(), call())).outcome == "answered"
    assert await claim_of(admin, failed) == (1, "failed")
    assert await calls_of(admin, failed) == [("unknown", "cut")]
    assert await calls_of(admin, unclaimed) == []


# -- failures of the provider: what the customer gets, what the books say


CUT = [
    (Broken.HANG_BEFORE_FIRST, Kind.HUNG),
    (Broken.STALL, Kind.STALLED),
    (Broken.RESET, Kind.CUT),
    (Broken.BROKEN_OFF, Kind.CUT),
    (Broken.EARLY_EOF, Kind.CUT),
    (Broken.ERROR_EVENT, Kind.CUT),
]


@pytest.mark.parametrize(("fault", "kind"), CUT)
async def test_a_call_that_was_cut_is_never_recorded_as_complete(
    fault: Broken,
    kind: Kind,
    rows: Repository,
    provider: Provider,
    simulator: SimulatorClient,
    admin: asyncpg.Connection,
) -> None:
    await simulator.faults(Fault(kind=fault, count=1))
    one = new_turn()
    reply = await replied(kit(claims(rows), provider, known=impatient(kind)), one)
    assert (reply.text, reply.degraded) == (PLAIN, ("model:sonnet-5-5",))
    assert await claim_of(admin, one) == (1, "failed")
    assert await calls_of(admin, one) == [("unknown", kind)]
    reserved, spent = await spend_of(admin, one)
    assert reserved > 0
    assert spent == 0


@pytest.mark.parametrize(
    ("fault", "kind", "made"),
    [
        (Broken.RATE_SHORT, Kind.RATE_SHORT, 2),
        (Broken.RATE_LONG, Kind.RATE_LONG, 1),
        (Broken.SPEND_CAP, Kind.SPENT, 1),
        (Broken.OVERLOADED, Kind.OVERLOADED, 2),
        (Broken.ERROR500, Kind.SERVER_ERROR, 2),
    ],
)
async def test_an_error_answer_costs_nothing(
    fault: Broken,
    kind: Kind,
    made: int,
    rows: Repository,
    provider: Provider,
    simulator: SimulatorClient,
    admin: asyncpg.Connection,
) -> None:
    await simulator.faults(Fault(kind=fault))
    one = new_turn()
    reply = await replied(kit(claims(rows), provider), one)
    assert (reply.text, reply.degraded) == (PLAIN, ("model:sonnet-5-5",))
    assert await calls_of(admin, one) == [("billed", kind)] * made
    assert await spend_of(admin, one) == (0.0, 0.0)


@pytest.mark.parametrize("fault", [Broken.RATE_SHORT, Broken.OVERLOADED, Broken.ERROR500])
async def test_one_that_passes_is_hidden_by_the_second_call(
    fault: Broken,
    rows: Repository,
    provider: Provider,
    simulator: SimulatorClient,
    admin: asyncpg.Connection,
) -> None:
    await simulator.faults(Fault(kind=fault, count=1))
    one = new_turn()
    reply = await replied(kit(claims(rows), provider), one)
    assert reply.degraded == ()
    assert [state for state, _ in await calls_of(admin, one)] == ["billed", "billed"]


async def test_a_provider_that_is_away_costs_nothing_and_little_time(
    rows: Repository, admin: asyncpg.Connection
) -> None:
    one = new_turn()
    async with open_provider(None, "http://127.0.0.1:9", 8) as away:
        started = asyncio.get_running_loop().time()
        reply = await replied(kit(claims(rows), away), one)
        took = asyncio.get_running_loop().time() - started
    assert reply.degraded == ("model:sonnet-5-5",)
    assert await calls_of(admin, one) == [("billed", "unreachable")] * 2
    assert took < 2.0  # the client's own tries, which are not wanted, would take longer


# -- the books


async def test_after_a_reconciliation_the_books_are_the_providers_to_the_last_token(
    infra: Stack, rows: Repository, provider: Provider, simulator: SimulatorClient
) -> None:
    for fault, kind in CUT:
        await simulator.faults(Fault(kind=fault, count=1))
        known = impatient(kind)
        await replied(kit(claims(rows), provider, known=known), new_turn(Task.COMPOSE))
    await asyncio.gather(*(replied(kit(claims(rows), provider), new_turn()) for _ in range(4)))
    never_made = call()
    await rows.take(new_turn(), uuid.uuid4(), never_made)
    await rows.leave(uuid.uuid4())
    dsn, project = infra.dsn("llm"), infra.project
    books = await balanced(dsn, simulator.url, project.playbook, now=True)
    assert len(books.balance.done) >= len(CUT)
    assert books.ours.calls > 0
    assert books.ours == books.theirs
    again = await balanced(dsn, simulator.url, project.playbook, now=True)
    # What other tests began and never made falls due when its owner's lease has run out.
    assert [one for one in again.balance.done if one.found] == []
    assert again.ours == books.ours


async def test_what_was_held_for_calls_under_way_is_what_the_sessions_hold(
    admin: asyncpg.Connection,
) -> None:
    wrong = await admin.fetch(
        """
        SELECT s.session_id FROM session_spend s LEFT JOIN (
               SELECT session_id,
                      sum(reserved_usd) FILTER (WHERE state IN ('started', 'unknown')
                                                  AND released_at IS NULL) AS held,
                      sum(cost_usd) FILTER (WHERE state IN ('billed', 'reconciled')) AS cost
                 FROM llm_call GROUP BY session_id) c USING (session_id)
         WHERE s.reserved_usd <> coalesce(c.held, 0) OR s.spent_usd <> coalesce(c.cost, 0)
        """
    )
    assert wrong == []


# -- rights, and Postgres away


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM claim",
        "DELETE FROM llm_call",
        "UPDATE turn SET turn_no = 0 WHERE false; DELETE FROM turn",
        "SELECT * FROM customer",
    ],
)
async def test_the_role_may_do_nothing_else(infra: Stack, statement: str) -> None:
    connection = await asyncpg.connect(infra.dsn("llm"))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_postgres_away_is_said_at_once_and_no_model_is_called(
    provider: Provider, simulator: SimulatorClient
) -> None:
    before = len(await simulator.book())
    async with open_repository("postgresql://llm:x@127.0.0.1:9/tierwise") as away:
        started = asyncio.get_running_loop().time()
        with pytest.raises(Unavailable) as failure:
            await replied(kit(claims(away), provider), new_turn())
        # asyncpg alone would try for a minute.
        assert asyncio.get_running_loop().time() - started < 10
    assert failure.value.dependency == "postgres"
    assert len(await simulator.book()) == before
