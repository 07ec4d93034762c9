"""The embedded stack on the real thing: what starts, what survives, what ends."""

import asyncio
import os
import signal
import sys
import textwrap
import time
from pathlib import Path
from uuid import uuid4

import asyncpg
import psutil
import pytest

from bus.kafka import KafkaBus
from devkit.errors import DevkitError
from devkit.stack.command import Command
from devkit.stack.migrations import migrate, read_migrations
from devkit.stack.process import Child, Guard, until_ready
from devkit.stack.roles import SERVICES
from devkit.stack.stack import NO_SERVICES, Stack
from devkit.stack.topics import PARTITIONS, ensure_topics
from events.topics import CONTROL, DLQ, TOPICS
from events.wire import Message

pytestmark = pytest.mark.timeout(180)


class Deaf:
    """A listener that needs to know nothing."""

    async def assigned(self, partitions: object) -> None: ...

    async def revoked(self, partitions: object) -> None: ...


async def first_of_group(bootstrap: str, group: str, topic: str, key: bytes) -> bytes | None:
    async with KafkaBus(bootstrap).group(group, topic, Deaf()) as consumer, asyncio.timeout(20):
        while True:
            for record in await consumer.poll():
                if record.key == key:
                    return record.value


async def test_every_topic_is_there_with_its_partitions(infra: Stack) -> None:
    bus = KafkaBus(infra.bootstrap)
    counts = {spec.name: await bus.partitions(spec.name) for spec in TOPICS}
    assert counts == {spec.name: spec.partitions or PARTITIONS for spec in TOPICS}
    assert counts[CONTROL] == 1


async def test_topics_are_made_once_and_another_count_is_refused(infra: Stack) -> None:
    assert await ensure_topics(infra.bootstrap) == ()
    with pytest.raises(DevkitError, match="has 12 partitions, not 7"):
        await ensure_topics(infra.bootstrap, partitions=7)


async def test_a_topic_is_never_made_by_using_it(infra: Stack) -> None:
    with pytest.raises(LookupError):
        await KafkaBus(infra.bootstrap).partitions(f"nobody.made.{uuid4().hex}")


async def test_the_broker_passes_a_record_on(infra: Stack) -> None:
    key = uuid4().hex.encode()
    async with KafkaBus(infra.bootstrap).producer("test") as producer:
        await producer.send(DLQ, Message(key, b"passed on"))
    assert await first_of_group(infra.bootstrap, f"g-{uuid4()}", DLQ, key) == b"passed on"


async def test_an_acknowledged_record_survives_kill_9_of_the_broker(infra: Stack) -> None:
    key = uuid4().hex.encode()
    async with KafkaBus(infra.bootstrap).producer("test") as producer:
        await producer.send(DLQ, Message(key, b"kept"))
    await infra.kafka.kill()
    assert not infra.kafka.brokers[0].child.alive
    await infra.kafka.restart()
    assert await first_of_group(infra.bootstrap, f"g-{uuid4()}", DLQ, key) == b"kept"


async def test_migrations_are_applied_once(infra: Stack) -> None:
    folder = infra.project.migrations
    assert await migrate(infra.admin_dsn, folder) == ()
    connection = await asyncpg.connect(infra.admin_dsn)
    try:
        names = await connection.fetch("SELECT name FROM schema_migration ORDER BY number")
    finally:
        await connection.close()
    assert [row["name"] for row in names] == [one.name for one in read_migrations(folder)]


async def test_a_failing_migration_leaves_nothing(infra: Stack, tmp_path: Path) -> None:
    for path in infra.project.migrations.glob("*.sql"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    half = tmp_path / "9999_half.sql"
    half.write_text("CREATE TABLE half_made (a int);\nSELECT * FROM no_such_table;\n")
    with pytest.raises(DevkitError, match=r"9999_half\.sql failed and was rolled back"):
        await migrate(infra.admin_dsn, tmp_path)
    connection = await asyncpg.connect(infra.admin_dsn)
    try:
        assert await connection.fetchval("SELECT to_regclass('half_made')") is None
    finally:
        await connection.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_has_a_plain_role_of_its_own(infra: Stack, service: str) -> None:
    connection = await asyncpg.connect(infra.dsn(service))
    try:
        row = await connection.fetchrow(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles "
            "WHERE rolname = current_user"
        )
        assert row is not None
        assert tuple(row) == (service, False, False, False, False)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("CREATE TABLE not_mine (a int)")
    finally:
        await connection.close()


async def test_committed_rows_survive_kill_9_of_the_database(infra: Stack) -> None:
    connection = await asyncpg.connect(infra.admin_dsn)
    table = f"kept_{uuid4().hex}"
    await connection.execute(f"CREATE TABLE {table} AS SELECT 42 AS answer")
    await infra.postgres.kill()
    connection.terminate()
    await infra.postgres.start()
    again = await asyncpg.connect(infra.admin_dsn)
    try:
        assert await again.fetchval(f"SELECT answer FROM {table}") == 42
        await again.execute(f"DROP TABLE {table}")
    finally:
        await again.close()


async def test_a_paused_database_answers_only_after_it_is_resumed(infra: Stack) -> None:
    connection = await asyncpg.connect(infra.admin_dsn)
    infra.postgres.pause()
    try:
        query = asyncio.create_task(connection.fetchval("SELECT 1"))
        done, _ = await asyncio.wait({query}, timeout=0.3)
        assert not done
    finally:
        infra.postgres.resume()
    assert await query == 1
    await connection.close()


async def test_everything_listens_on_loopback_alone(infra: Stack) -> None:
    for child in infra.infrastructure:
        process = psutil.Process(child.pid)
        for one in process.net_connections(kind="tcp"):
            if one.status == psutil.CONN_LISTEN:
                assert one.laddr.ip in ("127.0.0.1", "::ffff:127.0.0.1"), child.name


async def test_a_child_that_dies_while_starting_is_reported_with_its_log(tmp_path: Path) -> None:
    guard = Guard()
    program = "print('the reason it gives'); raise SystemExit(3)"
    child = Child("doomed", Command((sys.executable, "-c", program)), tmp_path / "log", guard)

    async def never() -> bool:
        return False

    child.start()
    with pytest.raises(DevkitError, match="doomed ended while it was starting") as report:
        await until_ready(child, never, within=20)
    assert "the reason it gives" in str(report.value)
    guard.close()


DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(60)
"""


async def test_a_child_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    guard = Guard()
    child = Child("deaf", Command((sys.executable, "-c", DEAF)), tmp_path / "log", guard)
    child.start()

    async def up() -> bool:
        return "up" in child.log_tail()

    await until_ready(child, up, within=20)
    await child.stop(grace=0.2)
    assert not child.alive
    guard.close()


STUBBORN_PARENT = textwrap.dedent("""
    import sys, time
    from pathlib import Path
    from devkit.stack.command import Command
    from devkit.stack.process import Child, Guard

    child = Child("sleeper", Command(("sleep", "300")), Path(sys.argv[1]), Guard())
    child.start()
    print(child.pid, flush=True)
    time.sleep(300)
""")


async def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", STUBBORN_PARENT, str(tmp_path / "log")),
        stdout=asyncio.subprocess.PIPE,
    )
    assert parent.stdout is not None
    child = psutil.Process(int(await parent.stdout.readline()))
    assert child.is_running()
    os.kill(parent.pid, signal.SIGKILL)
    await parent.wait()
    deadline = time.monotonic() + 10
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "the child outlives its parent"
        await asyncio.sleep(0.05)


async def test_a_stack_that_fails_to_start_leaves_no_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def refuse(dsn: str, folder: Path) -> tuple[str, ...]:
        raise DevkitError("no migration today")

    monkeypatch.setattr("devkit.stack.stack.migrate", refuse)
    mine = psutil.Process()
    before = {one.pid for one in mine.children(recursive=True)}
    stack = Stack(plan=NO_SERVICES)
    with pytest.raises(DevkitError, match="no migration today"):
        await stack.start()
    assert {one.pid for one in mine.children(recursive=True)} <= before
    assert not stack.run.data.exists()
