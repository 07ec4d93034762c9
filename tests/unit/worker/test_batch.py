import asyncio
from collections.abc import Sequence

import pytest

from worker.batch import Batch


class Many:
    def __init__(self) -> None:
        self.sizes: list[int] = []

    async def __call__(self, items: Sequence[int]) -> list[int]:
        self.sizes.append(len(items))
        await asyncio.sleep(0.005)
        if 13 in items:
            raise ValueError("13")
        return [item * 2 for item in items]


async def test_what_arrives_meanwhile_goes_together() -> None:
    many = Many()
    call = Batch(many)
    first = asyncio.create_task(call(1))
    await asyncio.sleep(0.001)
    rest = await asyncio.gather(*(call(n) for n in range(2, 12)))
    assert await first == 2
    assert rest == [n * 2 for n in range(2, 12)]
    assert many.sizes == [1, 10]


async def test_one_bad_item_is_one_callers_error() -> None:
    call = Batch(Many())
    results = await asyncio.gather(call(12), call(13), call(14), return_exceptions=True)
    assert results[0] == 24
    assert isinstance(results[1], ValueError)
    assert results[2] == 28


async def test_a_caller_that_left_does_not_harm_the_others() -> None:
    call = Batch(Many())
    leaving, staying = asyncio.create_task(call(1)), asyncio.create_task(call(2))
    await asyncio.sleep(0.001)
    leaving.cancel()
    assert await staying == 4
    with pytest.raises(asyncio.CancelledError):
        await leaving
