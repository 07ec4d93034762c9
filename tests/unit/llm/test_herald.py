"""What the worker posts about its models."""

import asyncio

import pytest
from suites.model_desk import models

from events.control import Control, Kind
from llm.models import herald
from llm.models.failure import CallFailed
from llm.models.failure import Kind as Failure
from llm.models.herald import entries, heralding
from llm.money.tokens import Tokens
from playbook.use_case import Size


def told(all_of: list[Control]) -> dict[str, float]:
    return {f"{one.kind}/{one.subject}": one.value for one in all_of}


def test_a_model_that_is_well_lets_turns_through() -> None:
    found = list(entries(models().values(), "llm-1"))
    assert told(found) == {
        "breaker/haiku-5-5": 1.0,
        "breaker/sonnet-5-5": 1.0,
        "quota/haiku-5-5": 1.0,
        "quota/sonnet-5-5": 1.0,
    }
    assert {one.expires_after_s for one in found} == {5.0}
    assert {one.by for one in found} == {"llm-1"}


def test_an_open_breaker_and_a_taken_quota_are_posted() -> None:
    known = models(requests_per_minute=2)
    known[Size.BIG].permit(Tokens(1, 1)).failed(CallFailed(Failure.SPENT, "a test"))
    known[Size.SMALL].permit(Tokens(1, 1))
    found = told(list(entries(known.values(), "llm-1")))
    assert found["breaker/sonnet-5-5"] == 0.0
    assert found["breaker/haiku-5-5"] == 1.0
    assert 0.5 <= found["quota/haiku-5-5"] < 0.51


async def test_it_posts_at_once_and_ends_with_its_block() -> None:
    posted: list[Control] = []

    class Board:
        async def control(self, entry: Control) -> None:
            posted.append(entry)

    async with heralding(Board(), models().values(), "llm-1"):
        await asyncio.sleep(0.01)
    assert [one.kind for one in posted] == [Kind.BREAKER, Kind.QUOTA] * 2


async def test_it_goes_on_posting_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(herald, "EVERY_S", 0.01)
    tried: list[Control] = []

    class Failing:
        async def control(self, entry: Control) -> None:
            tried.append(entry)
            raise ZeroDivisionError

    async with heralding(Failing(), models().values(), "llm-1"), asyncio.timeout(10):
        while len(tried) < 5:
            await asyncio.sleep(0.01)
