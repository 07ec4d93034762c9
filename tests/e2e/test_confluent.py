"""A frontend in another environment, written from docs/frontends.md with confluent-kafka."""

import asyncio
import json
import shutil
import subprocess
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from suites.web_client import Visit, visit
from suites.whole_system import OUTSIDER, System

from bus.kafka import KafkaBus
from devkit.project import Project
from devkit.stack.keys import frontend_key
from events.partition import partition_of
from events.reply import Reply
from events.topics import EGRESS
from events.wire import decode_keyed

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

CLIENT = Path(__file__).with_name("confluent_client.py")
NEEDS = ("confluent-kafka", "pyjwt", "cryptography")
WITHIN_S = 25.0


@pytest.fixture(scope="module")
def other_python() -> Path:
    """The interpreter of an environment without this project."""
    environment = Project.find().cache / "confluent-env"
    python = environment / "bin" / "python"
    if not python.is_file():
        uv = shutil.which("uv")
        assert uv, "uv is needed to make the other environment"
        subprocess.run([uv, "venv", "--quiet", str(environment)], check=True)
        subprocess.run(
            [uv, "pip", "install", "--quiet", "--python", str(python), *NEEDS], check=True
        )
    foreign = subprocess.run([python, "-c", "import events"], capture_output=True, check=False)
    assert foreign.returncode != 0, "the other environment must not know this project"
    return python


class Client:
    """The other program: a line in, lines out."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.replies: list[dict[str, Any]] = []

    async def line(self) -> dict[str, Any]:
        assert self._process.stdout
        async with asyncio.timeout(WITHIN_S):
            line = await self._process.stdout.readline()
        assert line, "the client ended"
        return dict(json.loads(line))

    async def follow(self, session: str) -> None:
        """Take a session for its own that somebody else has opened."""
        await self._tell({"follow": session})
        assert await self.line() == {"following": session}

    async def _tell(self, line: dict[str, Any]) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(line).encode() + b"\n")
        await self._process.stdin.drain()

    async def say(self, session: str, turn: str, text: str, customer: str | None) -> int:
        """Publish a turn; the partition in which it was stored."""
        said = {"session_id": session, "turn_id": turn, "text": text, "customer_id": customer}
        await self._tell(said)
        while "stored" not in (line := await self.line()):
            self.replies.append(line)
        assert line["stored"] == turn
        return int(line["partition"])

    async def reply(self, turn: str) -> dict[str, Any]:
        """The reply to a turn, as the reader's rule lets it through."""
        while True:
            for line in self.replies:
                if line.get("reply", {}).get("turn_id") == turn:
                    return dict(line["reply"])
            self.replies.append(await self.line())


@asynccontextmanager
async def client(system: System, python: Path) -> AsyncIterator[Client]:
    process = await asyncio.create_subprocess_exec(
        *(str(python), str(CLIENT), system.stack.bootstrap, OUTSIDER),
        str(frontend_key(system.stack.project, OUTSIDER)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={"PATH": "/usr/bin:/bin"},
    )
    one = Client(process)
    try:
        assert (await one.line())["ready"] == system.stack.partitions
        yield one
    finally:
        assert process.stdin
        process.stdin.close()
        async with asyncio.timeout(10):
            assert await process.wait() == 0


async def test_it_is_answered_and_keeps_its_partition(system: System, other_python: Path) -> None:
    session = f"out-{uuid.uuid4().hex}"
    async with client(system, other_python) as outsider:
        partition = await outsider.say(session, "t-1", "Where is my order #ABC123", "c-aiko")
        reply = await outsider.reply("t-1")
        await outsider.say(session, "t-2", "What is your return policy?", None)
        policy = await outsider.reply("t-2")
    assert partition == partition_of(session.encode(), system.stack.partitions)
    assert (reply["status"], reply["tier"], reply["use_case"]) == (
        "completed",
        "order",
        "order_tracking",
    )
    assert "ABC123" in reply["text"]
    assert (policy["tier"], policy["turn_no"]) == ("template", 2)


async def test_a_turn_sent_again_is_answered_once(system: System, other_python: Path) -> None:
    session = f"out-{uuid.uuid4().hex}"
    async with client(system, other_python) as outsider:
        for _ in range(3):
            await outsider.say(session, "t-1", "hi", None)
        await outsider.say(session, "t-2", "thanks a lot", None)
        await outsider.reply("t-2")
    shown = [line["reply"]["turn_id"] for line in outsider.replies if "reply" in line]
    assert shown == ["t-1", "t-2"]
    assert {"dropped": "t-1"} in outsider.replies


async def _by_gateway(visitor: Visit, turn: str, text: str) -> None:
    assert (await visitor.say(text, turn_id=turn)).status_code == 202


async def _egress(system: System, session: str, turns: int) -> list[Reply]:
    """The first replies of a session, in the order of its partition."""
    found: dict[str, Reply] = {}
    async with KafkaBus(system.stack.bootstrap).tail(EGRESS, since_ms=0) as egress:
        async with asyncio.timeout(WITHIN_S):
            while len(found) < turns:
                for record in await egress.poll():
                    if record.key == session.encode():
                        reply = decode_keyed(Reply, record.key, record.value, record.headers)
                        found.setdefault(reply.turn_id, reply)
    return list(found.values())


async def test_mixed_with_the_gateway_in_one_session_the_order_holds(
    system: System, other_python: Path
) -> None:
    """Two frontends by turns, six turns without waiting for an answer between them."""
    base = system.stack.gateway_url
    texts = ("hi", "What is your return policy?", "thanks a lot") * 2
    turns = [f"t-{number}" for number in range(1, 7)]
    async with (
        httpx.AsyncClient(base_url=base, timeout=30, trust_env=False) as http,
        client(system, other_python) as outsider,
    ):
        visitor = await visit(http)
        await outsider.follow(visitor.session_id)
        for number, (turn, text) in enumerate(zip(turns, texts, strict=True)):
            if number % 2:
                await outsider.say(visitor.session_id, turn, text, None)
            else:
                await _by_gateway(visitor, turn, text)
        replies = await _egress(system, visitor.session_id, len(turns))
        for turn in turns:
            await outsider.reply(turn)
    assert [reply.turn_id for reply in replies] == turns
    assert [reply.turn_no for reply in replies] == [1, 2, 3, 4, 5, 6]
    assert not any(reply.gap for reply in replies)
    read = [line["reply"]["turn_id"] for line in outsider.replies if "reply" in line]
    assert read == turns
