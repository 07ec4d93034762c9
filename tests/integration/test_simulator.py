"""The simulator as the provider's own SDK sees it."""

import asyncio
import json
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import anthropic
import httpx2
import pytest
from anthropic.types import Message, Usage
from suites.books import until
from typer.testing import CliRunner

from devkit.project import Project
from devkit.simulator import command
from devkit.simulator.book import End, Entry
from devkit.simulator.fault import Fault, Kind
from devkit.simulator.tokens import tokens_of
from devkit.stack.process import Guard
from devkit.stack.run import Run
from devkit.stack.simulator import Simulator
from playbook.price import PriceList
from playbook.source import read_model

SMALL, BIG = "claude-haiku-5-5", "claude-sonnet-5-5"
PREFIX = "You write chat replies for a shop that sells manga. " * 120
USER = (
    "<task>answer</task>\n<evidence>"
    '<item kind="series" ref="vinland-saga" title="Vinland Saga">By Makoto Yukimura. 29 volumes, '
    'finished.</item><item kind="series" ref="claymore" title="Claymore">By Norihiro Yagi. '
    "27 volumes, finished.</item></evidence>\n<history></history>\n"
    "<customer>something like Berserk but less violent</customer>"
)


@contextmanager
def running(extra: dict[str, str]) -> Iterator[Simulator]:
    """A simulator of its own, ended with the block."""
    project = Project.find()
    run, guard = Run(project), Guard()
    simulator = Simulator(project, run, {"TIERWISE_SIMULATOR_SPEED": "20", **extra}, guard)
    try:
        asyncio.run(simulator.start())
        yield simulator
    finally:
        asyncio.run(simulator.stop())
        guard.close()
        run.close()


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with running({}) as simulator:
        yield simulator


@pytest.fixture
async def simulator(shared: Simulator) -> Simulator:
    await shared.reset()
    return shared


@asynccontextmanager
async def client(simulator: Simulator, **given: Any) -> AsyncIterator[anthropic.AsyncAnthropic]:
    settings = {"api_key": "sk-ant-test", "max_retries": 0, "timeout": 5.0, **given}
    async with anthropic.AsyncAnthropic(base_url=simulator.url, **settings) as sdk:
        yield sdk


def request(call: str = "", **changed: Any) -> dict[str, Any]:
    system = [{"type": "text", "text": PREFIX, "cache_control": {"type": "ephemeral"}}]
    return {
        "model": BIG,
        "max_tokens": 300,
        "system": system,
        "messages": [{"role": "user", "content": USER}],
        "extra_headers": {"x-tierwise-call": call or uuid4().hex},
        **changed,
    }


class Told:
    """What a stream told before it ended, however it did."""

    def __init__(self) -> None:
        self.kinds: list[str] = []
        self.text = ""
        self.message: Message | None = None


async def listen(simulator: Simulator, told: Told, **given: Any) -> None:
    async with client(simulator) as sdk, sdk.messages.stream(**request(**given)) as stream:
        async for event in stream:
            told.kinds.append(event.type)
            if event.type == "text":
                told.text += event.text
            told.message = stream.current_message_snapshot


async def ask(simulator: Simulator, **given: Any) -> tuple[Message, str]:
    told = Told()
    await listen(simulator, told, **given)
    assert told.message is not None
    return told.message, told.text


async def book_of(simulator: Simulator, call: str, within_s: float = 20.0) -> Entry:
    """The entry of a call, once it is closed."""
    deadline = time.monotonic() + within_s
    while True:
        found = [entry for entry in await simulator.book() if entry.call == call]
        if found and found[0].end is not End.OPEN:
            assert len(found) == 1
            return found[0]
        assert time.monotonic() < deadline, f"no closed entry of {call}"
        await asyncio.sleep(0.02)


def booked(usage: Usage) -> tuple[int, int, int | None, int | None]:
    return (
        usage.input_tokens,
        usage.output_tokens,
        usage.cache_read_input_tokens,
        usage.cache_creation_input_tokens,
    )


def same(entry: Entry) -> tuple[int, int, int, int]:
    return (
        entry.input_tokens,
        entry.output_tokens,
        entry.cached_tokens,
        entry.cache_write_tokens,
    )


async def test_a_streamed_answer_comes_event_by_event(simulator: Simulator) -> None:
    told = Told()
    await listen(simulator, told)
    assert told.kinds[:2] == ["message_start", "content_block_start"]
    assert told.kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    assert told.message is not None
    assert told.message.stop_reason == "end_turn"
    assert told.message.model == BIG
    assert told.text.splitlines()[1:] == [
        "Vinland Saga: By Makoto Yukimura; 29 volumes, finished.",
        "Claymore: By Norihiro Yagi; 27 volumes, finished.",
    ]


async def test_the_second_call_reads_the_prefix_from_the_cache(simulator: Simulator) -> None:
    first, _ = await ask(simulator)
    second, _ = await ask(simulator)
    prefix = tokens_of(PREFIX)
    assert booked(first.usage)[2:] == (0, prefix)
    assert booked(second.usage)[2:] == (prefix, 0)
    assert first.usage.input_tokens == second.usage.input_tokens
    small, _ = await ask(simulator, model=SMALL)
    assert booked(small.usage)[2:] == (0, 0), "below the small model's minimum nothing is cached"


async def test_the_book_holds_what_the_sdk_was_told(simulator: Simulator) -> None:
    price = read_model(Project.find().playbook / "prices.yaml", PriceList)
    for _ in range(2):
        call = uuid4().hex
        message, text = await ask(simulator, call=call)
        entry = await book_of(simulator, call)
        assert same(entry) == booked(message.usage)
        assert entry.complete
        assert entry.output_tokens == tokens_of(text)
        own = price.usd_per_million_tokens[entry.model]
        assert entry.cost_usd == round(own.cost_usd(*same(entry)), 9)
        assert entry.first_token_ms is not None
        assert entry.first_sentence_ms is not None
        assert entry.last_token_ms is not None
        assert 0 < entry.first_token_ms < entry.first_sentence_ms < entry.last_token_ms


async def test_an_answer_may_come_whole(simulator: Simulator) -> None:
    call = uuid4().hex
    async with client(simulator) as sdk:
        message = await sdk.messages.create(**request(call=call))
    assert message.content[0].type == "text"
    assert message.content[0].text.endswith("27 volumes, finished.")
    assert same(await book_of(simulator, call)) == booked(message.usage)


async def test_max_tokens_cut_an_answer(simulator: Simulator) -> None:
    message, text = await ask(simulator, max_tokens=10)
    assert (message.stop_reason, message.usage.output_tokens) == ("max_tokens", 10)
    assert tokens_of(text) == 10


async def test_tokens_are_counted_without_being_billed(simulator: Simulator) -> None:
    given = {key: value for key, value in request().items() if key not in ("max_tokens",)}
    async with client(simulator) as sdk:
        counted = await sdk.messages.count_tokens(**given)
    assert counted.input_tokens == tokens_of(PREFIX + USER)
    assert await simulator.book() == []


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"max_tokens": 0}, anthropic.BadRequestError),
        ({"model": "claude-nobody"}, anthropic.NotFoundError),
        ({"extra_body": {"temperature": 0.5}}, anthropic.BadRequestError),
        ({"extra_body": {"top_p": 0.5}}, anthropic.BadRequestError),
    ],
)
async def test_bad_requests(
    simulator: Simulator, changed: dict[str, Any], error: type[anthropic.APIStatusError]
) -> None:
    with pytest.raises(error) as refused:
        await ask(simulator, **changed)
    assert refused.value.request_id
    assert await simulator.book() == []


async def test_a_key_that_is_none_is_refused(simulator: Simulator) -> None:
    async with client(simulator, api_key="nonsense") as sdk:
        with pytest.raises(anthropic.AuthenticationError, match="must begin with sk-ant-"):
            await sdk.messages.create(**request())


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (Kind.RATE_SHORT, anthropic.RateLimitError),
        (Kind.RATE_LONG, anthropic.RateLimitError),
        (Kind.SPEND_CAP, anthropic.RateLimitError),
        (Kind.OVERLOADED, anthropic.OverloadedError),
        (Kind.ERROR500, anthropic.InternalServerError),
    ],
)
async def test_faults_that_answer_with_an_error(
    simulator: Simulator, kind: Kind, error: type[anthropic.APIStatusError]
) -> None:
    await simulator.faults(Fault(kind=kind, model="sonnet-5-5", count=1))
    with pytest.raises(error) as refused:
        await ask(simulator)
    waits = {Kind.RATE_SHORT: "1", Kind.RATE_LONG: "60"}
    assert refused.value.response.headers.get("retry-after") == waits.get(kind)
    assert ("spend limit" in str(refused.value)) == (kind is Kind.SPEND_CAP)
    assert await simulator.book() == []
    await ask(simulator)


async def broken(simulator: Simulator, fault: Fault, error: type[Exception]) -> tuple[Entry, Told]:
    """A call that is broken by a fault with an error of this type."""
    told, call = Told(), uuid4().hex
    await simulator.faults(fault)
    with pytest.raises(error) as failed:
        await listen(simulator, told, call=call)
    if isinstance(failed.value, anthropic.APIStatusError):
        assert (failed.value.status_code, failed.value.type) == (200, "overloaded_error")
    return await book_of(simulator, call), told


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (Kind.ERROR_EVENT, anthropic.APIStatusError),
        (Kind.RESET, httpx2.ReadError),
        (Kind.BROKEN_OFF, httpx2.RemoteProtocolError),
    ],
)
async def test_faults_in_the_middle_of_a_stream(
    simulator: Simulator, kind: Kind, error: type[Exception]
) -> None:
    entry, told = await broken(simulator, Fault(kind=kind, count=1), error)
    assert told.text
    assert (entry.end, entry.complete) == (End(kind), False)
    assert entry.output_tokens == tokens_of(told.text)
    assert entry.input_tokens > 0


async def test_an_early_end_raises_nothing_and_tells_no_stop_reason(simulator: Simulator) -> None:
    call = uuid4().hex
    await simulator.faults(Fault(kind=Kind.EARLY_EOF, count=1, after=2))
    message, text = await ask(simulator, call=call)
    assert message.stop_reason is None
    entry = await book_of(simulator, call)
    assert (entry.end, entry.output_tokens) == (End.EARLY_EOF, tokens_of(text))


async def _begun(simulator: Simulator, call: str, told: Told, kind: Kind) -> bool:
    """Whether the silence has begun: all that comes before it has come."""
    if kind is Kind.STALL:
        return bool(told.text)
    return any(entry.call == call for entry in await simulator.book())


@pytest.mark.parametrize(("kind", "after"), [(Kind.STALL, 2), (Kind.HANG_BEFORE_FIRST, 0)])
async def test_silences_last_until_the_client_leaves(
    simulator: Simulator, kind: Kind, after: int
) -> None:
    await simulator.faults(Fault(kind=kind, count=1, after=after))
    told, call = Told(), uuid4().hex
    listening = asyncio.create_task(listen(simulator, told, call=call))
    await until(lambda: _begun(simulator, call, told, kind))
    await asyncio.sleep(0.5)
    assert not listening.done()
    listening.cancel()
    await asyncio.wait((listening,))
    entry = await book_of(simulator, call)
    assert entry.end is End(kind)
    assert (entry.output_tokens, bool(told.text)) == (tokens_of(told.text), kind is Kind.STALL)
    assert entry.input_tokens > 0, "a call that was let in is billed its input"


async def test_a_client_that_leaves_is_billed_what_was_written(simulator: Simulator) -> None:
    _, whole = await ask(simulator)
    await simulator.faults(Fault(kind=Kind.SLOW, factor=60))
    told, call = Told(), uuid4().hex
    listening = asyncio.create_task(listen(simulator, told, call=call))
    while not told.text:
        await asyncio.sleep(0.01)
    listening.cancel()
    entry = await book_of(simulator, call)
    assert entry.end is End.LEFT
    assert tokens_of(told.text) <= entry.output_tokens < tokens_of(whole)


async def test_faults_are_listed_and_healed(simulator: Simulator) -> None:
    (listed,) = await simulator.faults(Fault(kind=Kind.OVERLOADED, seconds=60))
    assert listed.seconds_left == pytest.approx(60, abs=20)
    await simulator.heal()
    assert await simulator.faults() == []


async def test_a_lie_stands_in_the_book(simulator: Simulator) -> None:
    await simulator.profile("lying", share=1.0, seed=3)
    call = uuid4().hex
    _, text = await ask(simulator, call=call)
    (label,) = (await book_of(simulator, call)).labels
    assert label.wrote in text


async def test_kill_and_restart_lose_no_entry(simulator: Simulator) -> None:
    whole, cut = uuid4().hex, uuid4().hex
    await ask(simulator, call=whole)
    await simulator.faults(Fault(kind=Kind.STALL, count=1))
    told = Told()
    listening = asyncio.create_task(listen(simulator, told, call=cut))
    while not told.text:
        await asyncio.sleep(0.01)
    await simulator.kill()
    with pytest.raises(httpx2.TransportError):
        await listening
    with pytest.raises(anthropic.APIConnectionError):
        await ask(simulator)
    await simulator.restart()
    assert (await book_of(simulator, whole)).complete
    assert (await book_of(simulator, cut)).end is End.KILLED


def _with_quota(playbook: Path, requests: int) -> None:
    for name in ("models.yaml", "prices.yaml"):
        shutil.copy(Project.find().playbook / name, playbook / name)
    models = playbook / "models.yaml"
    text = models.read_text()
    changed = text.replace("requests_per_minute: 10000", f"requests_per_minute: {requests}")
    assert changed != text
    models.write_text(changed)


def test_the_quota_of_the_playbook_is_enforced(tmp_path: Path) -> None:
    _with_quota(tmp_path, requests=3)
    with running({"TIERWISE_SIMULATOR_PLAYBOOK": str(tmp_path)}) as simulator:
        asyncio.run(_exhaust(simulator))


async def _exhaust(simulator: Simulator) -> None:
    for left in (2, 1, 0):
        async with client(simulator) as sdk:
            answer = await sdk.messages.with_raw_response.create(**request())
        assert answer.headers["anthropic-ratelimit-requests-remaining"] == str(left)
    with pytest.raises(anthropic.RateLimitError, match="3 requests per minute") as refused:
        await ask(simulator)
    assert int(refused.value.response.headers["retry-after"]) in range(15, 21)
    await ask(simulator, model=SMALL)  # each model has its own


def test_the_command_shows_the_book_and_lays_faults(
    shared: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "_running", lambda: shared)
    asyncio.run(shared.reset())
    typed = CliRunner().invoke
    laid = typed(command.app, ["fault", "error500", "--model", "haiku-5-5", "--count", "2"])
    assert laid.output == "error500 on haiku-5-5, 2 calls\n"
    assert typed(command.app, ["heal"]).output == "No fault is in force.\n"
    lying = typed(command.app, ["profile", "lying", "--share", "0.3", "--seed", "7"])
    assert lying.output == "lying writes 30% of the answers, seed 7.\n"
    call = uuid4().hex
    asyncio.run(ask(shared, call=call))
    (line,) = typed(command.app, ["book", "--json"]).output.splitlines()
    assert json.loads(line)["call"] == call
    assert "sonnet-5-5" in typed(command.app, ["book"]).output
