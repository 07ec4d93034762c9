"""What a session remembers outlives a moment without Postgres, and rows that cannot be read."""

import logging
from collections.abc import Mapping
from dataclasses import replace

import asyncpg
import pytest
from suites.line import Line, opened
from suites.people import said
from suites.posteriors import posterior

from classifier.model import Posterior
from events.reply import Reply, Status
from events.turn import Said
from order.facts import Found
from worker.away import AWAY
from worker.handler import Unavailable

NOBODY: Mapping[str, Found] = {}


async def unsure(text: str) -> Posterior:
    return posterior(out_of_scope=0.6, returns=0.2)


async def away(*_: object) -> Reply:
    raise Unavailable("postgres")


async def forwarded(line: Line) -> None:
    reply = await line.say(said("I want to talk to a human"))
    assert reply.status is Status.FORWARDED


async def test_a_hand_off_outlives_a_turn_that_did_not_know_of_it() -> None:
    async with opened(unsure, NOBODY) as line:
        await forwarded(line)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(line.rows, "open", away)
            unknowing = await line.say(said("What is your return policy?"))
        assert "context" in unknowing.degraded
        reply = await line.say(said("Is anybody there?"))
        assert (reply.status, reply.text) == (Status.FORWARDED, "")


async def test_a_hand_off_that_could_not_be_stored_is_stored_later() -> None:
    async with opened(unsure, NOBODY) as line:
        await line.say(said("hello"))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(line.rows, "finish", away)
            await forwarded(line)
        for step in line.steps.values():
            await step.marks.flush()
        reply = await line.say(said("What is your return policy?"))
        assert (reply.status, reply.text, reply.gap) == (Status.FORWARDED, "", False)


async def test_a_hand_off_opened_without_any_row_becomes_the_newest() -> None:
    async with opened(unsure, NOBODY) as line:
        await line.say(said("hello"))
        line.rows.away = True
        await forwarded(line)
        line.rows.away = False
        for step in line.steps.values():
            await step.marks.flush()
        reply = await line.say(said("What is your return policy?"))
        assert (reply.status, reply.text) == (Status.FORWARDED, "")


async def test_an_unreadable_context_is_empty_and_nobodys_words_are_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = '{"recent": [{"said": "my secret illness", "replied": 7}]}'
    async with opened(unsure, NOBODY) as line:
        await line.say(said("hello"))
        (key,) = line.rows.rows
        line.rows.rows[key] = replace(line.rows.rows[key], context=broken)
        with caplog.at_level(logging.WARNING):
            reply = await line.say(said("hello again"))
        assert reply.status is Status.COMPLETED
        assert not line.reasons()
    assert "unreadable" in caplog.text
    assert "secret" not in caplog.text


async def test_a_bug_of_the_door_is_answered_and_tells_no_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken(spoken: Said) -> None:
        raise ValueError(spoken.text)

    async with opened(unsure, NOBODY) as line:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(line.rows, "open", broken)
            reply = await line.say(said("my secret illness"))
        assert (reply.status, reply.reason) == (Status.FAILED, "bug")
        (letter,) = line.bus.records("chat.dlq")
        assert b"ValueError in test_outage.py" in letter.headers["dlq_detail"]
        assert b"secret" not in letter.headers["dlq_detail"]
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.ReadOnlySQLTransactionError,
        asyncpg.DeadlockDetectedError,
        asyncpg.SerializationError,
        asyncpg.InternalServerError,
        asyncpg.CannotConnectNowError,
    ],
)
def test_a_failover_is_no_bug(error: type[Exception]) -> None:
    assert issubclass(error, AWAY)


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.DataError,
        asyncpg.IntegrityConstraintViolationError,
        asyncpg.PostgresSyntaxError,
        asyncpg.InsufficientPrivilegeError,
    ],
)
def test_a_wrong_statement_is_a_bug(error: type[Exception]) -> None:
    assert not issubclass(error, AWAY)
