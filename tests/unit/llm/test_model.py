"""Places, permits and the most that a call can cost."""

import asyncio
import contextlib

import pytest
from suites.model_desk import models

from llm.models.failure import CallFailed, Closed, Kind
from llm.models.quota import Need
from llm.money.tokens import Tokens, bound, dearest_usd
from playbook.model import BreakerSpec
from playbook.price import Price
from playbook.use_case import Size

PRICE = Price(input=2.0, output=10.0, cache_read=0.1, cache_write=2.5)
MOST = Tokens(10, 10)


# What a tokenizer makes of them at its worst: a token a Japanese character, one for three letters.
@pytest.mark.parametrize(
    ("text", "tokens"),
    [("a plain question", 6), ("ベルセルクみたいな漫画", 11), ("¿algo así?", 5), ("", 0)],
)
def test_no_text_has_more_tokens_than_its_bound(text: str, tokens: int) -> None:
    spec = models()[Size.BIG].spec
    assert bound(text, spec).input >= tokens
    assert bound(text, spec).output == spec.max_tokens


def test_the_dearest_rate_counts() -> None:
    assert dearest_usd(Tokens(1000, 100), PRICE) == 0.0035
    assert Tokens(500, 100, 300, 200).cost_usd(PRICE) < dearest_usd(Tokens(1000, 100), PRICE)


def test_what_is_told_of_a_call_twice_counts_once() -> None:
    model = models(breaker=BreakerSpec(failures=2, within_s=10, open_s=5, long_open_s=9))[Size.BIG]
    permit = model.permit(MOST)
    for _ in range(3):
        permit.failed(CallFailed(Kind.HUNG, "a test"))
    assert not model.closed


def test_a_call_that_was_not_made_gives_its_quota_back() -> None:
    model = models(requests_per_minute=1)[Size.BIG]
    model.permit(MOST).unused(made=False)
    model.permit(MOST).unused(made=True)
    with pytest.raises(Closed, match="quota"):
        model.permit(MOST)


def test_an_error_answer_gives_its_tokens_back_and_not_its_request() -> None:
    model = models(requests_per_minute=2, output_tokens_per_minute=15)[Size.BIG]
    model.permit(MOST).failed(CallFailed(Kind.OVERLOADED, "a test"))
    model.permit(MOST)
    with pytest.raises(Closed, match="quota"):
        model.permit(Tokens(1, 1))


def test_what_the_provider_says_is_left_counts() -> None:
    model = models()[Size.BIG]
    model.heard(Need(0, None, None))
    assert model.share_free < 0.01
    with pytest.raises(Closed, match="quota"):
        model.permit(MOST)


async def test_a_place_is_free_again_after_a_cancellation() -> None:
    model = models(concurrency=1)[Size.BIG]

    async def stay() -> None:
        async with model.place():
            await asyncio.sleep(60)

    first, second = asyncio.create_task(stay()), asyncio.create_task(stay())
    await asyncio.sleep(0.01)
    for task in (second, first):
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    async with asyncio.timeout(1), model.place():
        pass
