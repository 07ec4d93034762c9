"""A frontend's side of a turn: the reply, and what was shown of it before."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from suites.people import turn

from bus.memory import MemoryBus
from bus.port import Consumer
from devkit.conversation import Answer, conversing
from devkit.frontend import Frontend
from events.preview import Preview
from events.reply import Reply
from events.topics import EGRESS, INGRESS, STREAM
from events.turn import Said
from events.wire import decode, encode

FRONTEND = Frontend("demo", Ed25519PrivateKey.generate())
PAUSE_S = 0.05


def shown(said: Said, seq: int, text: str, epoch: int = 1) -> Preview:
    place = {"session_id": said.session_id, "turn_id": said.turn_id}
    return Preview(**place, epoch=epoch, seq=seq, text=text)


def replied(said: Said) -> Reply:
    asked = turn(said.text).model_copy(
        update={"session_id": said.session_id, "turn_id": said.turn_id}
    )
    return asked.reply("One. Two.").public()


async def _heard(tail: Consumer) -> Said:
    while True:
        for record in await tail.poll(timeout_s=0.05):
            return decode(Said, record.value, record.headers)


@asynccontextmanager
async def system(bus: MemoryBus, pieces: Sequence[tuple[int, str, int]]) -> AsyncIterator[None]:
    """Shows these pieces (number, text, epoch) of the first turn, then replies."""

    async def answer() -> None:
        async with bus.tail(INGRESS, since_ms=0) as tail, bus.producer("system") as producer:
            said = await _heard(tail)
            for seq, text, epoch in pieces:
                await asyncio.sleep(PAUSE_S)
                preview = encode(shown(said, seq, text, epoch), "llm")
                await producer.send(STREAM, preview)
            await asyncio.sleep(PAUSE_S)
            await producer.send(EGRESS, encode(replied(said), "llm"))

    answering = asyncio.create_task(answer())
    try:
        yield
    finally:
        answering.cancel()
        with suppress(asyncio.CancelledError):
            await answering


async def said(pieces: Sequence[tuple[int, str, int]]) -> Answer:
    bus = MemoryBus()
    async with conversing(bus, FRONTEND) as talk, system(bus, pieces):
        return await talk.say(FRONTEND.said("s-1", "s-1-1", "hello", turn_no=1), within_s=30.0)


async def test_previews_are_shown_and_the_first_is_timed() -> None:
    answer = await said([(0, "One.", 1), (1, " Two.", 1)])
    assert answer.shown == ("One.", " Two.")
    assert answer.first_s is not None
    assert PAUSE_S <= answer.first_s < answer.took_s
    assert "".join(answer.shown) == answer.reply.text


async def test_a_later_owner_clears_what_an_earlier_one_showed() -> None:
    answer = await said([(0, "Wrong.", 1), (0, "One.", 2), (1, " late", 1)])
    assert answer.shown == ("One.",)


async def test_without_a_model_nothing_is_shown() -> None:
    answer = await said([])
    assert (answer.shown, answer.first_s) == ((), None)


async def test_no_answer_in_time_is_an_error() -> None:
    async with conversing(MemoryBus(), FRONTEND) as talk:
        with pytest.raises(TimeoutError):
            await talk.say(FRONTEND.said("s-1", "s-1-1", "hello"), within_s=0.05)
